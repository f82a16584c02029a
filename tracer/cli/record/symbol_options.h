/*
 * The options that say where symbols come from, as an argp child of the commands that read any
 * (cli layer).
 */
#ifndef CLI_RECORD_SYMBOL_OPTIONS_H
#define CLI_RECORD_SYMBOL_OPTIONS_H

#include <argp.h>

#include "symbols/elf/symbol_sources.h"
#include "tracer/base/error.h"
#include "tracer/cli/terminal/progress_bar.h"

struct symbol_options {
	struct symbol_sources sources; /* borrows from argv and from this struct */
	struct progress_bar bar;
};

/* Its input is a struct symbol_options, zeroed: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp symbol_argp;

/* Once all words are parsed. @options must stay where it is as long as its sources are used. */
struct error *symbol_options_finish(struct symbol_options *options) MUST_CHECK;

#endif
