/*
 * The options of all commands that start a PROGRAM to record it, and its words, as an argp child: those of a recording,
 * and whether it is a Python program (cli layer).
 */
#ifndef CLI_RECORD_PROGRAM_OPTIONS_H
#define CLI_RECORD_PROGRAM_OPTIONS_H

#include <argp.h>
#include <stddef.h>

#include "tracer/cli/record/program_choice.h"
#include "tracer/cli/record/recording_options.h"

struct program_options {
	struct recording_options recording;
	struct python_choice python;
	/* PROGRAM and all words behind it, which are its own, NULL-terminated. Borrowed. NULL: none were given. */
	char *const *words;
	size_t word_count;
};

/* Its input is a struct program_options: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp program_argp;

/* The defaults. */
struct error *program_options_init(struct program_options *ret) MUST_CHECK;
void program_options_deinit(struct program_options *options);

#endif
