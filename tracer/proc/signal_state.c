/* What a thread does with signals; see signal_state.h. Proc layer. */
#include "tracer/proc/signal_state.h"

#include <stdio.h>

#include "tracer/proc/proc_file.h"

struct error *signal_state_read(pid_t tid, struct signal_state *ret)
{
	FILE *file;
	char line[256];
	int found = 0, seccomp = 0;

	*ret = (struct signal_state){ 0 };
	struct error *err = proc_open(&file, "/proc/%d/status", tid);
	if (err != NULL)
		return err;
	while (fgets(line, sizeof(line), file) != NULL) {
		found += sscanf(line, "SigPnd: %lx", &ret->pending) == 1;
		found += sscanf(line, "ShdPnd: %lx", &ret->pending_shared) == 1;
		found += sscanf(line, "SigBlk: %lx", &ret->blocked) == 1;
		found += sscanf(line, "SigIgn: %lx", &ret->ignored) == 1;
		sscanf(line, "Seccomp: %d", &seccomp);
		found += sscanf(line, "SigCgt: %lx", &ret->caught) == 1;
	}
	err = proc_close(file);
	ret->has_seccomp = seccomp != 0;
	if (err != NULL || found == 5)
		return err;
	return error_new(ERR_FAILED, "/proc/%d/status does not tell of signals", tid);
}
