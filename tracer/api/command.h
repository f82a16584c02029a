/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes that are watched from outside: a command of ours, or any other (api layer). */
#ifndef API_COMMAND_H
#define API_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

/*
 * Starts @words by posix_spawnp(3), which copies no memory and is safe beside other threads: with the signals, descriptors
 * and environment of the caller. ERR_NOT_FOUND or ERR_NOT_EXEC.
 */
struct error *command_start(char *const words[], pid_t *ret) MUST_CHECK;

/*
 * Waits for its end, if it is to end soon, or only looks. False: it has not ended. *@ret_status: 0 to 255, 128+N; -1 when
 * somebody else has waited for it.
 */
bool command_wait(pid_t pid, bool is_ending, int *ret_status);

/* Something to wait for the end of a process by; -1: the kernel has none for it. To be closed. */
int process_end_open(pid_t pid);

/* Waits until @until_ns of CLOCK_MONOTONIC; true: the process has ended by then. A cancellation point. */
bool process_end_wait(int end_fd, int64_t until_ns);

#endif
