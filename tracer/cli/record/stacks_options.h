/*
 * Which stacks are recorded, as an argp child of the commands that record: --stacks and --step (cli layer).
 */
#ifndef CLI_RECORD_STACKS_OPTIONS_H
#define CLI_RECORD_STACKS_OPTIONS_H

#include <argp.h>

#include "tracer/base/error.h"
#include "tracer/loop/state/session.h"

struct stacks_options {
	struct stack_wishes wishes;
	const char *step;  /* as given; NULL: it was not */
	struct error *err; /* the first that parsing met; owned until stacks_options_finish */
};

/* Its input is a struct stacks_options, zeroed: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp stacks_argp;

/* Once all words are parsed: sets what @session has of it. */
struct error *stacks_options_finish(struct stacks_options *options,
				    struct session_options *session) MUST_CHECK;

#endif
