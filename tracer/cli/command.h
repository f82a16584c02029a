/*
 * A subcommand: its name, its one-line summary, and what runs it (cli layer).
 *
 * Each lives in a cmd_NAME.c, in the room of its name if it has one to itself, with an argp parser and options struct of
 * its own, and is listed in main.c's table, the only place that knows them all.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <argp.h>

#include "tracer/base/error.h"

struct command {
	const char *name;    /* the first word that chooses it */
	const char *summary; /* one line, for --help */

	/*
	 * @argv[0] is "mprof-trace NAME", for argp's messages; the words after it are the command's.
	 * Sets *@ret_status to the exit status; on error main chooses it from the error's code.
	 */
	struct error *(*run)(int argc, char **argv, int *ret_status);
	const struct argp *argp; /* its options, which shells complete */
};

extern const struct command cmd_run;
extern const struct command cmd_attach;
extern const struct command cmd_live;
extern const struct command cmd_plot;
extern const struct command cmd_list;
extern const struct command cmd_rm;
extern const struct command cmd_clean;
extern const struct command cmd_peak;
extern const struct command cmd_diff;
extern const struct command cmd_check;
extern const struct command cmd_report;
extern const struct command cmd_funcs;
extern const struct command cmd_export;
extern const struct command cmd_memit;
extern const struct command cmd_lines;
extern const struct command cmd_mark;
extern const struct command cmd_perfdata;

#endif
