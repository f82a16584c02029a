/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a thread is doing, from /proc/PID/task/TID (proc(5)): no stop is needed (proc layer).
 */
#ifndef PROC_THREAD_LOOK_H
#define PROC_THREAD_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

enum thread_activity {
	THREAD_RUNNING, /* on a CPU or waiting for one, in the program or in the kernel */
	THREAD_ASLEEP,	/* in a system call */
	THREAD_BLOCKED, /* in the kernel otherwise: a page fault, perhaps */
	THREAD_STOPPED, /* by a signal or by its tracer */
};

struct thread_look {
	enum thread_activity activity;
	uint64_t sleeps; /* how often it has gone to sleep so far: equal means never in between */
	uint64_t
		cpu_ns; /* CPU time so far, brought up to date by the kernel at its clock's ticks */
	/* With THREAD_ASLEEP: */
	long syscall;
	taddr_t pc, sp; /* where it will run on */
};

/* Fails with ERR_GONE when the thread has ended. Its tracer, or root, may look. */
struct error *thread_look(pid_t pid, pid_t tid, struct thread_look *ret) MUST_CHECK;

/*
 * A thread of process @pid that has not ended, whose files in /proc show the process's memory: the first
 * one, @pid itself, may end before the others. @pid when all have ended.
 */
pid_t thread_find_living(pid_t pid);

/*
 * @first is what was seen of a thread since it slept last; @now becomes that when it has slept
 * meanwhile. Whether it has computed since @first without a pause. That it is ready to run is not
 * enough: on a busy machine one that has just been woken waits for a CPU, and sleeps again soon.
 */
bool thread_look_again(struct thread_look *first, const struct thread_look *now);

/* Whether a thread that was asleep at @then has been so until @now. */
bool thread_has_slept_on(const struct thread_look *then, const struct thread_look *now);

/*
 * Whether an interruption of this sleep cannot be felt: the kernel restarts the system call with the
 * rest of its time (ERESTART_RESTARTBLOCK), or it has none, and it transfers nothing in parts.
 */
bool thread_sleeps_lightly(const struct thread_look *look);

/*
 * Whether it sleeps until its child has executed a program or ended (vfork(2), CLONE_VFORK): only SIGKILL wakes it before
 * that, and no interruption (wait_for_vfork_done, kernel/fork.c).
 */
bool thread_waits_for_vfork(const struct thread_look *look);

#endif
