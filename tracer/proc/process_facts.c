/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of a process without stopping it; see process_facts.h. Proc layer. */
#include "tracer/proc/process_facts.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/base/retry.h"
#include "tracer/proc/proc_file.h"

static int count_tabs(const char *line)
{
	int count = 0;

	for (; *line != '\0'; line++)
		count += *line == '\t';
	return count;
}

struct error *process_facts_read(pid_t pid, struct process_facts *ret)
{
	FILE *file;
	char line[256];

	*ret = (struct process_facts){ .state = '?' };
	struct error *err = proc_open(&file, "/proc/%d/status", pid);
	if (err != NULL)
		return err;
	ret->pid_namespaces = 1; /* before Linux 4.1 nothing tells */
	while (fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "State: %c", &ret->state);
		sscanf(line, "Tgid: %d", &ret->thread_group);
		const char *last = strrchr(line, '\t'); /* the outermost namespace comes first */
		if (last != NULL && strncmp(line, "NStgid:", strlen("NStgid:")) == 0) {
			ret->own_group = atoi(last + 1);
			ret->pid_namespaces = count_tabs(line);
		}
		if (last != NULL && strncmp(line, "NSpid:", strlen("NSpid:")) == 0)
			ret->own_tid = atoi(last + 1);
		sscanf(line, "PPid: %d", &ret->parent);
		sscanf(line, "TracerPid: %d", &ret->tracer);
		sscanf(line, "Uid: %u", &ret->user);
		sscanf(line, "CapEff: %lx", &ret->capabilities);
		sscanf(line, "Threads: %d", &ret->thread_count);
		sscanf(line, "Seccomp: %d", &ret->seccomp);
		sscanf(line, "Seccomp_filters: %d", &ret->seccomp_filters);
		if (sscanf(line, "VmLck: %lu kB", &ret->locked_bytes) == 1)
			ret->locked_bytes *= 1024;
		ret->has_memory = ret->has_memory || strncmp(line, "VmSize:", 7) == 0;
	}
	if (ret->own_group == 0) { /* before Linux 4.1 */
		ret->own_group = ret->thread_group;
		ret->own_tid = pid;
	}
	return proc_close(file);
}

bool process_has_thread(pid_t pid, pid_t tid)
{
	unsigned tries = 0;
	long result;

	do
		result = syscall(SYS_tgkill, pid, tid, 0);
	while (result < 0 && retry_is_due(errno, &tries));
	/* EPERM: it is there, and belongs to a user that we may trace, but not signal. */
	return result == 0 || errno == EPERM;
}

struct error *thread_is_traced_by_us(pid_t tid, bool *ret)
{
	struct process_facts facts;

	struct error *err = process_facts_read(tid, &facts);
	*ret = err == NULL && facts.tracer == getpid();
	return error_ignore(err, ERR_GONE);
}

pid_t process_parent(pid_t pid)
{
	struct process_facts facts;

	error_free(process_facts_read(pid, &facts));
	return facts.parent;
}

pid_t process_of_thread(pid_t tid)
{
	struct process_facts facts;

	error_free(process_facts_read(tid, &facts));
	return facts.thread_group;
}

void process_name_read(pid_t tid, char ret[PROCESS_NAME_BYTES])
{
	ret[0] = '\0';
	error_free(proc_read(ret, PROCESS_NAME_BYTES, "/proc/%d/comm", tid));
	ret[strcspn(ret, "\n")] = '\0';
	if (ret[0] == '\0')
		strcpy(ret, "?");
}

enum { STAT_BYTES = 1024 };

/* Of /proc/PID/stat (proc(5)), field @number, 3 or above, and what follows it; NULL: cannot be had. */
static const char *stat_field(pid_t pid, int number, char text[STAT_BYTES])
{
	text[0] = '\0';
	error_free(proc_read(text, STAT_BYTES, "/proc/%d/stat", pid));
	const char *field = strrchr(text, ')'); /* the end of field 2, which may hold anything */
	for (int i = 2; field != NULL && i < number; i++)
		field = strchr(field + 1, ' ');
	return field;
}

taddr_t process_stack_start(pid_t pid)
{
	enum { STARTSTACK_FIELD = 28 };
	char text[STAT_BYTES];
	const char *field = stat_field(pid, STARTSTACK_FIELD, text);

	return taddr(field == NULL ? 0 : strtoull(field, NULL, 10));
}

bool process_is_in_background(pid_t pid)
{
	enum { GROUP_FIELD = 5 };
	char text[STAT_BYTES];
	const char *field = stat_field(pid, GROUP_FIELD, text);
	int group, session, terminal, foreground; /* 0: it has no terminal */

	return field != NULL &&
	       sscanf(field, "%d %d %d %d", &group, &session, &terminal, &foreground) == 4 &&
	       terminal != 0 && group != foreground;
}

static bool share(pid_t a, pid_t b, int what, bool fallback)
{
	unsigned tries = 0;
	long order;

	do
		order = syscall(SYS_kcmp, a, b, what, 0, 0);
	while (order < 0 && retry_is_due(errno, &tries));
	return order < 0 ? fallback : order == 0;
}

bool processes_share_memory(pid_t a, pid_t b, bool fallback)
{
	return share(a, b, KCMP_VM, fallback);
}

bool processes_share_files(pid_t a, pid_t b, bool fallback)
{
	return share(a, b, KCMP_FILES, fallback);
}
