/*
 * The options of mprof-trace report that are of a directory of ranks alone (cli layer).
 */
#ifndef CLI_REPORT_RANKS_OPTIONS_H
#define CLI_REPORT_RANKS_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "tracer/cli/profiles/align_option.h"

/* A zeroed one asks for nothing. */
struct ranks_options {
	bool wants_ranks, wants_hosts; /* by --by, which is of profiles, too */
	bool shows_all;
	const char *job; /* NULL: all */
	struct align_option align;
	const char *given; /* the last of them that was; NULL: none */
	struct error *err; /* the first that parsing met; the caller's */
};

/* Its parser's input is a zeroed struct ranks_options. */
extern const struct argp ranks_options_argp;

void ranks_options_deinit(struct ranks_options *options);

#endif
