/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A thread that reads the memory of this process beside its caller, which runs the function that is measured
 * (api layer).
 *
 * A thread, not a process as memory_profiler has it. A process would be made by fork(2), with the locks of a program
 * that may have threads; all pages of the program would be shared from then on, so that each write to one is a fault
 * and PSS and USS are others; and it would be a child that the program's wait(2) finds. A thread has none of
 * this, and ends with the process: by exit, exec or a signal. What it must not do is to be met:
 *
 *   signals      All are blocked in it: handlers run where they would without it.
 *   descriptors  It has a table of its own (CLOSE_RANGE_UNSHARE, Linux 5.9), which holds what it reads and writes alone: the
 *                function finds the numbers that it expects, may close all of them, and its children inherit none.
 *   fork         A child has the calling thread alone. It knows that it is one by a page that the kernel has
 *                wiped (MADV_WIPEONFORK), also where both are process 1 of their namespaces; it touches nothing.
 *   stack        Its own is small.
 */
#ifndef API_BESIDE_H
#define API_BESIDE_H

#include <stdbool.h>

#include "tracer/api/usage_sampling.h"
#include "tracer/base/error.h"

struct beside;

/*
 * Starts it. It opens @sampling, which is the thread's until beside_stop, and has read it once when this returns:
 * what fails until then is this function's failure.
 */
struct error *beside_start(struct usage_sampling *sampling, struct beside **ret) MUST_CHECK;

/* Whether this process was forked since then: then there is no such thread here. */
bool beside_is_elsewhere(const struct beside *beside);

/*
 * Has it read once more, ends it and waits for that; tells why it could not read. In a forked process it only releases
 * what is here.
 */
struct error *beside_stop(struct beside *beside) MUST_CHECK;

#endif
