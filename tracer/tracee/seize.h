/*
 * Becoming the tracer of processes that run already (tracee layer).
 *
 * PTRACE_SEIZE neither stops nor wakes a thread.
 */
#ifndef TRACEE_SEIZE_H
#define TRACEE_SEIZE_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/tracee/target.h"

/* Whether @pid is a process that can be traced at all, as far as one can see without trying. */
struct error *seize_check(pid_t pid) MUST_CHECK;

/*
 * Seizes the threads of @process that are not traced by us yet, as tracees of @target; one that a
 * seized thread has made is traced already. *@ret_found: whether there was any. The caller repeats
 * until there is none. When it is refused, the error says why, and what to do.
 */
struct error *seize_threads(struct target *target, struct process *process,
			    bool *ret_found) MUST_CHECK;

/* Whether process @pid runs a 64-bit program. */
bool seize_is_supported(pid_t pid);

/*
 * Whether system calls can be injected in process @pid: not past its seccomp filters without
 * CAP_SYS_ADMIN, and not by who is filtered, too (PTRACE_O_SUSPEND_SECCOMP).
 */
bool seize_may_inject(pid_t pid);

#endif
