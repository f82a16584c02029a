/* What a thread does with signals; see signal_state.h. Proc layer. */
#include "tracer/proc/signal_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/proc/proc_file.h"

/* The last of the process's numbers is that in its own namespace; the others are those outside. */
static bool is_init_by(const char *line)
{
	const char *last = strrchr(line, '\t');
	return strncmp(line, "NStgid:", 7) == 0 && last != NULL && atoi(last + 1) == 1;
}

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
		ret->is_init = ret->is_init || is_init_by(line);
		found += sscanf(line, "SigCgt: %lx", &ret->caught) == 1;
	}
	err = proc_close(file);
	ret->has_seccomp = seccomp != 0;
	if (err != NULL || found == 5)
		return err;
	return error_new(ERR_FAILED, "/proc/%d/status does not tell of signals", tid);
}
