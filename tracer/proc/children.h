/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The children that a process has now, from /proc (proc layer).
 */
#ifndef PROC_CHILDREN_H
#define PROC_CHILDREN_H

#include <stddef.h>
#include <sys/types.h>

#include "tracer/base/error.h"

/*
 * The pids of the children of thread @tid of process @pid (/proc/PID/task/TID/children: proc(5),
 * CONFIG_PROC_CHILDREN); of all its threads when @tid is 0. *@ret is owned by the caller, NULL when
 * there are none. Children that come and go meanwhile may be missed.
 */
struct error *children_read(pid_t pid, pid_t tid, pid_t **ret, size_t *ret_count) MUST_CHECK;

#endif
