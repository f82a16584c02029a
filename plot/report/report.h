/*
 * What a profile's figures are: tables of its functions, processes, threads and calls, for people, as CSV or
 * as JSON (plot layer).
 */
#ifndef PLOT_REPORT_REPORT_H
#define PLOT_REPORT_REPORT_H

#include <stdio.h>

#include "plot/profile/profile.h"
#include "plot/report/report_options.h"
#include "plot/text/csv_write.h"
#include "plot/text/json_write.h"

struct report {
	const struct report_options *options; /* borrowed */
	FILE *out;			      /* borrowed */
	size_t profiles;		      /* written so far */
	struct csv_writer csv;
	struct json_writer json;
};

/* No column of a table that is wanted has the name of the options' sort: ERR_USAGE, with those there are. */
struct error *report_options_check(const struct report_options *options) MUST_CHECK;

void report_begin(struct report *report, const struct report_options *options, FILE *out);
/* @profile has been filtered; hidden functions and processes are left out. */
struct error *report_add(struct report *report, const struct profile *profile) MUST_CHECK;
struct error *report_end(struct report *report) MUST_CHECK;

#endif
