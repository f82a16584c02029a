/*
 * The options that say what is recorded of memory besides its amount, as an argp child (cli layer).
 */
#ifndef CLI_RECORD_PARTS_OPTIONS_H
#define CLI_RECORD_PARTS_OPTIONS_H

#include <argp.h>

#include "tracer/base/error.h"
#include "tracer/base/memory/part_kind.h"

struct parts_options {
	enum split_mode split;
	const char *bad_split; /* a word that it is not; NULL */
	unsigned companions;   /* companion_bit */
	const char *bad_with;  /* likewise */
};

/* Its input is a struct parts_options, zeroed: set child_inputs at ARGP_KEY_INIT. */
extern const struct argp parts_argp;

/* Once all words are parsed. */
struct error *parts_options_check(const struct parts_options *options) MUST_CHECK;

#endif
