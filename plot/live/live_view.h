/*
 * A recording looked at on the terminal while it is made (plot layer): draws the file that grows, and
 * follows keys, signals and the terminal's size.
 *
 * It is meant to run in a process of its own: neither its work nor its death touches the recording.
 */
#ifndef PLOT_LIVE_LIVE_VIEW_H
#define PLOT_LIVE_LIVE_VIEW_H

#include <stdbool.h>

#include "tracer/base/error.h"

struct live_view_source {
	/*
	 * Of what records: the file's path and a '\n', and the end of file when the recording has ended.
	 * -1: @path is looked at until the user leaves.
	 */
	int recording_fd;
	const char *path;
	int messages_fd;	/* a file with what the recording has to say, in lines; -1: none */
	const char *quit_words; /* what q does, for the keys' line */
	bool is_dark;
};

enum live_view_end {
	LIVE_VIEW_QUIT,	   /* by the user */
	LIVE_VIEW_ENDED,   /* the recording has */
	LIVE_VIEW_HUNG_UP, /* the terminal is gone */
	LIVE_VIEW_KILLED,  /* by SIGTERM */
};

/* Returns when it has been left; the terminal is as it was then, after an error, too. */
struct error *live_view_run(const struct live_view_source *source,
			    enum live_view_end *ret) MUST_CHECK;

#endif
