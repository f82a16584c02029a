/*
 * The words around a report's tables (plot layer, private to report).
 */
#ifndef PLOT_REPORT_REPORT_WORDS_H
#define PLOT_REPORT_REPORT_WORDS_H

#include "plot/report/report_tables.h"

/* Whose profile it is, how long, its peaks. */
void report_put_head(FILE *out, const struct profile *profile, const struct profile_totals *totals,
		     const struct report_options *options);

/* Opens an object for the profile, with the same for programs. */
void report_put_json_head(struct json_writer *json, const struct profile *profile,
			  const struct profile_totals *totals,
			  const struct report_options *options);

/* The table for people, with what its marks mean. */
struct error *report_put_table(FILE *out, const struct report_one *one,
			       const struct report_options *options) MUST_CHECK;

/* What was asked for and not recorded, or not to the end. */
void report_put_missing(FILE *out, const struct profile *profile);

#endif
