/*
 * A budget: limits in a file that lives in the program's repository (plot layer).
 *
 * One limit a line, in the words of check's options, quoted as for a shell; # begins a comment:
 *
 *   --max-peak 120M
 *   --max-peak 400M --tree           # with its children
 *   --func 'load(std::string)' --max-gain 50M --band 40
 *
 * What a line does not say of its band is the file's. Whatever is not understood is refused with its place:
 * a limit that is not judged must not look like one that is kept.
 */
#ifndef PLOT_COMPARE_BUDGET_H
#define PLOT_COMPARE_BUDGET_H

#include <stdio.h>

#include "plot/compare/condition.h"
#include "plot/compare/figure_group.h"

static const double BUDGET_BAND_PERCENT = 20;

/* Fails with ERR_USAGE and "FILE:LINE: …", and has then perhaps added some. */
struct error *budget_read(struct conditions *conditions, const char *path,
			  double band_percent) MUST_CHECK;

/* The same of a text that is in memory; @path is for messages. */
struct error *budget_parse(struct conditions *conditions, const char *path, const char *text,
			   size_t bytes, double band_percent) MUST_CHECK;

/*
 * Writes limits for all that @group has, each half a band above what was measured: as far from being
 * broken as from being far below. Times and durations stand in comments: they are the machine's.
 */
void budget_write(FILE *out, const struct figure_group *group, double band_percent);

#endif
