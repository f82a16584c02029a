/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a process on its grid of times, and keeps or writes what was read (api layer). It waits for nothing:
 * who calls it does, and says when it is time.
 */
#ifndef API_USAGE_SAMPLING_H
#define API_USAGE_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/api/process_tree.h"
#include "tracer/api/profile_stream.h"
#include "tracer/api/readings.h"
#include "tracer/api/usage_plan.h"
#include "tracer/base/error.h"

struct usage_sampling {
	const struct usage_plan *plan; /* borrowed */
	pid_t pid;
	struct process_tree tree;
	bool is_open;		       /* @tree is */
	struct profile_stream *stream; /* NULL: none is to be written */
	struct readings readings;
};

/* Of process @pid, as /proc knows it. The stream, if there is one, is begun. */
struct error *usage_sampling_init(struct usage_sampling *sampling, const struct usage_plan *plan,
				  pid_t pid) MUST_CHECK;

/*
 * Opens what is read, in the calling thread's table of descriptors; the grid of times begins. All that follow are
 * to be called by that thread.
 */
struct error *usage_sampling_open(struct usage_sampling *sampling) MUST_CHECK;

/* Reads now, whatever the grid says. ERR_GONE once the process has no memory any more. */
struct error *usage_sampling_take(struct usage_sampling *sampling) MUST_CHECK;

/* When the next reading is due. */
int64_t usage_sampling_next_ns(const struct usage_sampling *sampling);

/* It is that late, or later: reads, unless readings are to be left out since they take too long. */
struct error *usage_sampling_tick(struct usage_sampling *sampling) MUST_CHECK;

/* Closes what usage_sampling_open has opened, if it has. */
void usage_sampling_close(struct usage_sampling *sampling);

/* Forgets what was read, for a function that is called again; a stream goes on. */
void usage_sampling_restart(struct usage_sampling *sampling);

/* Ends the stream, and hands over what was read. @status: of the command, -1: none. */
struct error *usage_sampling_finish(struct usage_sampling *sampling, int status,
				    struct mprof_result *ret) MUST_CHECK;

/* Releases the rest, finished or not. A zeroed one is accepted. */
void usage_sampling_deinit(struct usage_sampling *sampling);

#endif
