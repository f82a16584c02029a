/*
 * The options that ask for the lines of functions, as an argp child (cli layer).
 */
#ifndef CLI_RECORD_LINES_OPTIONS_H
#define CLI_RECORD_LINES_OPTIONS_H

#include <argp.h>

#include "tracer/base/error.h"
#include "tracer/loop/state/session.h"

struct lines_options {
	bool is_wanted;	      /* --lines; the lines command sets it, too */
	const char *max_hits; /* as it was given; NULL: it was not */
};

/* Its input is a struct lines_options, zeroed: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp lines_argp;

/* Once all words are parsed, and the session has its patterns: what they mean for it. */
struct error *lines_options_apply(const struct lines_options *options,
				  struct session_options *session) MUST_CHECK;

#endif
