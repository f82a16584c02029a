/*
 * Seccomp filters that programs have of us (tracee layer).
 *
 * In most containers everything runs under a filter, we too, and only CAP_SYS_ADMIN lets a tracer suspend one. But filters
 * come from the parent and are never taken off (seccomp(2)): a program that has come of us, and has as many as
 * we have, has the same ones. What they let pass of us they let pass of it.
 */
#ifndef TRACEE_FILTERS_H
#define TRACEE_FILTERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracer/tracee/target.h"

/*
 * Whether we are filtered, and each system call that programs make for us, and that pads make, does no harm under our
 * filters: a child of ours tries them. One that is merely refused does none.
 */
bool filters_try(void);

/* Whether the filters of thread @tid of @process are ours, and have been tried. False: they are others, or there are none. */
bool filters_are_ours(const struct process *process, pid_t tid);

#endif
