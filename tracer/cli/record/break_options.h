/*
 * Where and when to break, and what is done then, as an argp child of the commands that record (cli layer).
 */
#ifndef CLI_RECORD_BREAK_OPTIONS_H
#define CLI_RECORD_BREAK_OPTIONS_H

#include <argp.h>

#include "symbols/pattern/pattern.h"
#include "tracer/loop/state/session.h"

struct break_options {
	struct break_settings settings;
	const char *in;	   /* --break-in; borrowed from argv */
	bool has_action;   /* --on-break was given */
	struct error *err; /* the first that parsing met; owned until it is taken */
};

/* Its input is a struct break_options, zeroed: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp break_argp;

/*
 * Once all words are parsed. The functions of --break-in are added to @patterns, before those are looked at. @session
 * borrows from @options.
 */
struct error *break_options_finish(struct break_options *options, struct pattern_set *patterns,
				   struct session_options *session) MUST_CHECK;

void break_options_deinit(struct break_options *options);

/* What the options mean with what else was asked for, once all of it is known. @is_live: another view has the terminal. */
struct error *break_options_check(const struct session_options *session, bool is_live) MUST_CHECK;

#endif
