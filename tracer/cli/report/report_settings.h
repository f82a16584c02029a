/*
 * The options of mprof-trace report, parsed (cli layer).
 */
#ifndef CLI_REPORT_REPORT_SETTINGS_H
#define CLI_REPORT_REPORT_SETTINGS_H

#include <argp.h>

#include "plot/report/report.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/profiles/profile_selection.h"
#include "tracer/cli/report/ranks_options.h"

struct report_settings {
	struct report_options options;
	struct ranks_options ranks;
	struct profile_selection selection;
	bool sums_tree; /* the main process's figures are those of all together */
	bool is_csv, is_json;
	bool is_of_ranks; /* the only file is a directory of them */
	struct profile_files files;
	struct error *err; /* the first that parsing met; the caller's */
};

/* Its parser's input is a zeroed struct report_settings. */
extern const struct argp report_settings_argp;

/* Completes the options; ERR_USAGE where they contradict each other. */
struct error *report_settings_check(struct report_settings *settings) MUST_CHECK;

void report_settings_deinit(struct report_settings *settings);

#endif
