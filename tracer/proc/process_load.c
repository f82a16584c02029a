/* What a process does beside having memory; see process_load.h. Proc layer. */
#include "tracer/proc/process_load.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tracer/base/clock.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/proc_text.h"

bool process_cpu_time(pid_t pid, int64_t *ret_ns)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) < 0)
		return false;
	*ret_ns = time.tv_sec * NS_PER_S + time.tv_nsec;
	return true;
}

struct error *process_load_read(pid_t pid, struct process_load *ret)
{
	char text[1024];

	*ret = (struct process_load){ 0 };
	struct error *err = proc_read(text, sizeof(text), "/proc/%d/stat", pid);
	if (err != NULL)
		return err;
	/* A command may hold anything, brackets too; what follows its last one does not (proc(5)). */
	const char *fields = strrchr(text, ')');
	if (fields == NULL || sscanf(fields,
				     ") %*c %*d %*d %*d %*d %*d %*u %" SCNu64 " %*u %" SCNu64
				     " %*u %*u %*u %*d %*d %*d %*d %" SCNu64,
				     &ret->faults, &ret->major_faults, &ret->threads) != 3)
		return error_new(ERR_FORMAT, "/proc/%d/stat is not understood", pid);
	return NULL;
}

/* "Max data size   unlimited   unlimited   bytes" */
static uint64_t find_limit(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	if (line == NULL)
		return PROCESS_NO_LIMIT;
	line += strlen(name);
	line += strspn(line, " ");
	return *line >= '0' && *line <= '9' ? proc_text_number(line) : PROCESS_NO_LIMIT;
}

struct error *process_limits_read(pid_t pid, struct process_limits *ret)
{
	char text[4096];

	struct error *err = proc_read(text, sizeof(text), "/proc/%d/limits", pid);
	ret->address_space_bytes = find_limit(text, "Max address space");
	ret->data_bytes = find_limit(text, "Max data size");
	return err;
}
