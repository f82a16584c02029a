/*
 * A program is recorded for its lines (cli layer).
 */
#ifndef CLI_LINES_LINES_RECORDING_H
#define CLI_LINES_LINES_RECORDING_H

#include <limits.h>
#include <stdbool.h>

#include "tracer/loop/state/session.h"

struct lines_recording {
	int fd;		     /* of a file without a name; -1: -o has named one */
	char path[PATH_MAX]; /* what can be read; "": nothing was recorded */
	bool is_engine;	     /* we are what records, and are done: only the exit status is wanted */
};

/*
 * Records what @session says; where it names no output, nothing is left of the recording but what @ret holds. Release
 * with lines_recording_deinit, also on failure, which may leave a part of a recording. *@ret_status: as of engine_run.
 */
struct error *lines_recording_make(struct lines_recording *ret, struct session_options *session,
				   int *ret_status) MUST_CHECK;
void lines_recording_deinit(struct lines_recording *recording);

#endif
