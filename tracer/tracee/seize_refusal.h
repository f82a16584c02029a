/*
 * Why the kernel has refused to let a process be traced, and what is to be done about it (tracee layer). It says EPERM of
 * all of that (ptrace(2), "Ptrace access mode checking").
 */
#ifndef TRACEE_SEIZE_REFUSAL_H
#define TRACEE_SEIZE_REFUSAL_H

#include <sys/types.h>

#include "tracer/base/error.h"

/* Of process @pid, which runs already, with @errnum of ptrace(2). */
struct error *seize_refused(pid_t pid, int errnum) MUST_CHECK RETURNS_NONNULL;

/* Of process @pid, in which we can inject no system call: seize_may_inject. */
struct error *seize_refused_filtered(pid_t pid) MUST_CHECK RETURNS_NONNULL;

/* Of process @pid, a child of ours. */
struct error *seize_refused_launched(pid_t pid, int errnum) MUST_CHECK RETURNS_NONNULL;

#endif
