/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a thread is doing; see thread_look.h. Proc layer. */
#include "tracer/proc/thread_look.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "tracer/base/machine.h"
#include "tracer/proc/proc_file.h"

/* The text of a file of the thread, NUL-terminated; false when it cannot be read. */
static bool read_text(pid_t pid, pid_t tid, const char *name, char *ret, size_t bytes)
{
	struct error *err = proc_read(ret, bytes, "/proc/%d/task/%d/%s", pid, tid, name);
	bool is_read = err == NULL && ret[0] != '\0';

	error_free(err);
	return is_read;
}

static uint64_t number_behind(const char *text, const char *word)
{
	const char *found = strstr(text, word);
	return found == NULL ? 0 : strtoull(found + strlen(word), NULL, 10);
}

/* "running"; or "-1 SP PC"; or "NUMBER ARGUMENT... SP PC" with six arguments (proc(5)). */
static void parse_syscall(const char *text, struct thread_look *look)
{
	unsigned long sp, pc;

	if (sscanf(text, "%ld %*x %*x %*x %*x %*x %*x %lx %lx", &look->syscall, &sp, &pc) != 3) {
		look->activity = strncmp(text, "running", 7) == 0 ? THREAD_RUNNING : THREAD_BLOCKED;
		return;
	}
	look->activity = look->syscall < 0 ? THREAD_BLOCKED : THREAD_ASLEEP;
	look->sp = taddr(sp);
	look->pc = taddr(pc);
}

struct error *thread_look(pid_t pid, pid_t tid, struct thread_look *ret)
{
	char status[4096], text[256];

	*ret = (struct thread_look){ .activity = THREAD_BLOCKED, .syscall = -1 };
	struct error *err = proc_read(status, sizeof(status), "/proc/%d/task/%d/status", pid, tid);
	if (err != NULL)
		return err;
	ret->sleeps = number_behind(status, "\nvoluntary_ctxt_switches:");
	const char *state = strstr(status, "\nState:\t");
	char letter = state == NULL ? '?' : state[strlen("\nState:\t")];
	if (letter == 'Z' || letter == 'X')
		return error_os(ESRCH, "thread %d has ended", tid);
	if (letter == 'T' || letter == 't')
		ret->activity = THREAD_STOPPED;
	else if (read_text(pid, tid, "syscall", text, sizeof(text)))
		parse_syscall(text, ret);
	if (ret->activity == THREAD_RUNNING &&
	    read_text(pid, tid, "schedstat", text, sizeof(text))) /* sched-stats.rst */
		ret->cpu_ns = strtoull(text, NULL, 10);
	return NULL;
}

pid_t thread_find_living(pid_t pid)
{
	struct thread_look look;
	const struct dirent *entry;
	DIR *threads; /* in the order of their creation */
	pid_t living = 0;

	struct error *err = proc_open_directory(&threads, "/proc/%d/task", pid);
	if (err != NULL) {
		error_free(err);
		return pid;
	}
	while (living == 0 && (entry = readdir(threads)) != NULL) {
		pid_t tid = atoi(entry->d_name);
		err = tid > 0 ? thread_look(pid, tid, &look) : NULL;
		if (tid > 0 && err == NULL)
			living = tid;
		error_free(err);
	}
	closedir(threads);
	return living == 0 ? pid : living;
}

bool thread_look_again(struct thread_look *first, const struct thread_look *now)
{
	static const uint64_t COMPUTED_NS = 1500000;
	bool is_awake = first->activity == THREAD_RUNNING && now->activity == THREAD_RUNNING &&
			first->sleeps == now->sleeps;

	if (!is_awake)
		*first = *now;
	return is_awake && now->cpu_ns - first->cpu_ns >= COMPUTED_NS;
}

bool thread_has_slept_on(const struct thread_look *then, const struct thread_look *now)
{
	return now->activity == THREAD_ASLEEP && now->sleeps == then->sleeps &&
	       now->syscall == then->syscall && taddr_equal(now->pc, then->pc) &&
	       taddr_equal(now->sp, then->sp);
}

bool thread_sleeps_lightly(const struct thread_look *look)
{
	static const long light[] = {
		SYS_futex,  SYS_nanosleep,	SYS_clock_nanosleep, MACHINE_SYS_POLL,
		SYS_ppoll,  MACHINE_SYS_SELECT, SYS_pselect6,	     SYS_wait4,
		SYS_waitid, MACHINE_SYS_PAUSE,	SYS_rt_sigsuspend,   SYS_restart_syscall,
	};

	if (look->activity != THREAD_ASLEEP)
		return false;
	for (size_t i = 0; i < sizeof(light) / sizeof(light[0]); i++) {
		if (look->syscall == light[i])
			return true;
	}
	return false;
}

bool thread_waits_for_vfork(const struct thread_look *look)
{
	return look->activity == THREAD_ASLEEP &&
	       (look->syscall == MACHINE_SYS_VFORK || look->syscall == SYS_clone ||
		look->syscall == SYS_clone3);
}
