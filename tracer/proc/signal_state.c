/* What a thread does with signals; see signal_state.h. Proc layer. */
#include "tracer/proc/signal_state.h"

#include <errno.h>
#include <stdio.h>

struct error *signal_state_read(pid_t tid, struct signal_state *ret)
{
	char path[64], line[256];
	int found = 0, seccomp = 0;

	*ret = (struct signal_state){ 0 };
	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return error_os(ESRCH, "open %s", path);
	while (fgets(line, sizeof(line), file) != NULL) {
		found += sscanf(line, "SigPnd: %lx", &ret->pending) == 1;
		found += sscanf(line, "ShdPnd: %lx", &ret->pending_shared) == 1;
		found += sscanf(line, "SigBlk: %lx", &ret->blocked) == 1;
		found += sscanf(line, "SigIgn: %lx", &ret->ignored) == 1;
		sscanf(line, "Seccomp: %d", &seccomp);
		found += sscanf(line, "SigCgt: %lx", &ret->caught) == 1;
	}
	fclose(file);
	ret->has_seccomp = seccomp != 0;
	return found == 5 ? NULL : error_os(ESRCH, "read %s", path);
}
