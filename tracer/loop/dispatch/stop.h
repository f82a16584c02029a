/*
 * wait status -> struct stop (loop layer). Pure: no system call, unit-tested. The vocabulary is
 * ptrace(2)'s.
 */
#ifndef LOOP_DISPATCH_STOP_H
#define LOOP_DISPATCH_STOP_H

#include <stdbool.h>
#include <sys/types.h>

enum stop_kind {
	STOP_ENDED, /* not a stop: the thread exited or was killed; @status as a shell's $? */
	STOP_FORK,  /* PTRACE_EVENT_FORK; the next three likewise */
	STOP_VFORK,
	STOP_VFORK_DONE, /* the child has left the memory of the one that made it */
	STOP_CLONE,
	STOP_EXEC,
	STOP_EXIT,    /* PTRACE_EVENT_EXIT: about to exit, memory still there */
	STOP_GROUP,   /* group-stop by @signal */
	STOP_EVENT,   /* PTRACE_EVENT_STOP that is none: a new tracee, PTRACE_INTERRUPT, SIGCONT */
	STOP_SYSCALL, /* syscall-exit-stop (or entry) */
	STOP_TRAP,    /* signal-delivery-stop of SIGTRAP: our site, or the program's own affair */
	STOP_SIGNAL,  /* signal-delivery-stop of @signal */
	STOP_OTHER,   /* an event that was not asked for */
};

struct stop {
	pid_t tid;
	enum stop_kind kind;
	int signal; /* of STOP_GROUP, STOP_TRAP, STOP_SIGNAL; of STOP_ENDED: that killed it, or 0 */
	int status; /* of STOP_ENDED: 0..255, or 128 + N when signal N killed it */
};

/* @wait_status as waitpid gives it for a seized tracee with PTRACE_O_TRACESYSGOOD. */
struct stop stop_decode(pid_t tid, int wait_status);

/* Whether the thread is within a system call. */
bool stop_is_in_call(const struct stop *stop);

#endif
