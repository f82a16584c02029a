/*
 * The options that all commands which record share, as an argp child (cli layer).
 */
#ifndef CLI_RECORD_RECORDING_OPTIONS_H
#define CLI_RECORD_RECORDING_OPTIONS_H

#include <argp.h>

#include "symbols/pattern/pattern.h"
#include "tracer/cli/record/break_options.h"
#include "tracer/cli/record/lines_options.h"
#include "tracer/cli/record/parts_options.h"
#include "tracer/cli/record/stacks_options.h"
#include "tracer/cli/record/symbol_options.h"
#include "tracer/job/job_rank.h"
#include "tracer/loop/state/session.h"

struct recording_options {
	struct session_options session;
	struct pattern_set *patterns;
	struct symbol_options symbols;
	struct parts_options parts;
	struct lines_options lines;
	struct stacks_options stacks;
	struct break_options breaks;
	struct job_rank rank;
	bool is_multiprocess; /* -M */
	bool has_survival;    /* --survival was given */
	bool has_probe;	      /* --probe was given */
	bool is_live;	      /* --live */
	struct error *err;    /* the first that parsing met; owned until it is taken */
};

/* Its input is a struct recording_options: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp recording_argp;

/* The defaults. */
struct error *recording_options_init(struct recording_options *ret) MUST_CHECK;
void recording_options_deinit(struct recording_options *options);

/* Once all words are parsed: what they mean together, or the first error that parsing met. */
struct error *recording_options_finish(struct recording_options *options) MUST_CHECK;

/* Seconds, 0.001 to @max_s, for the option called @option. */
struct error *parse_seconds(const char *option, const char *text, double max_s,
			    int64_t *ret_ns) MUST_CHECK;

#endif
