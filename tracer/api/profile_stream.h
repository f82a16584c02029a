/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The caller's stream as a FILE.dat (api layer).
 *
 * Where the stream has a descriptor, lines are written to that, each flush a write(2): a function that forks
 * meanwhile copies no text in a buffer, which its child would write once more when it exits.
 */
#ifndef API_PROFILE_STREAM_H
#define API_PROFILE_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "tracer/api/process_tree.h"
#include "tracer/api/usage_plan.h"
#include "tracer/base/error.h"
#include "tracer/record/recorder.h"

struct profile_stream {
	FILE *stream;
	int fd; /* -1: it has none, as one in memory; then each flush is a fwrite(3) and a fflush(3) */
	struct recorder *recorder;
	bool has_main; /* the main process is written */
};

/* Writes the head, for process @pid. Fails without memory only: what cannot be written is told at the end. */
struct error *profile_stream_open(const struct usage_plan *plan, pid_t pid,
				  struct profile_stream **ret) MUST_CHECK;

/* Writes what was read last of @tree. */
void profile_stream_write(struct profile_stream *profile, struct process_tree *tree,
			  const struct usage_plan *plan, int64_t time_ns, uint64_t sum_bytes);
/* The main process is about to be read; a child is seen for the first time. */
void profile_stream_write_main(struct profile_stream *profile, struct tree_process *process);
void profile_stream_write_process(struct profile_stream *profile, struct tree_process *process);

/*
 * Ends it and releases @profile: @grid says how well the interval was kept; @status of the command, -1: none. The stream
 * stands behind what was written. Told is what could not be written. NULL is fine.
 */
struct error *profile_stream_close(struct profile_stream *profile, const struct tick_grid *grid,
				   pid_t pid, int status) MUST_CHECK;

#endif
