/*
 * What a page carries: the profiles' figures as JSON, their samples and calls packed (plot layer).
 * page/payload.js reads it.
 */
#ifndef PLOT_HTML_PAYLOAD_H
#define PLOT_HTML_PAYLOAD_H

#include <stdio.h>

#include "plot/profile/profile.h"

/* What a page is made of. */
struct html_source {
	const struct profile *profiles; /* one, or two to be compared; borrowed */
	size_t count;
	const char *title; /* NULL: the command line */
	size_t children;   /* with a curve each; the others have one together */
	bool no_calls;
	bool has_window;			/* what is seen at first; else all */
	int64_t window_start_ns, window_end_ns; /* since the profiles' zero_ns */
	const char *zero;			/* what that is; NULL: their start */
	bool is_dark;				/* at first; else as the reader's system has it */
	bool is_clock;				/* times as a clock has them, at first */
};

/* JSON; any name may be in it: not yet fit to stand in a page. */
struct error *payload_write(const struct html_source *source, FILE *out) MUST_CHECK;

#endif
