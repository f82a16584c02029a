/*
 * Verdicts for what shows the results of a build: JUnit's XML, and Markdown (plot layer).
 *
 * Both are written whatever the verdicts are.
 */
#ifndef PLOT_COMPARE_VERDICT_FILES_H
#define PLOT_COMPARE_VERDICT_FILES_H

#include <stdio.h>

#include "plot/compare/verdict.h"

/*
 * The suite @name has a test case for each limit; one that is broken, or too high, is a failure, and one
 * that could not be judged is an error.
 */
struct error *verdicts_write_junit(const struct verdicts *verdicts,
				   const struct figure_group *group, const char *name,
				   FILE *out) MUST_CHECK;

/*
 * A heading and a table. Names are within <code>, and their punctuation is in numeric references, which
 * Markdown takes for text alone (CommonMark 0.30, 6.2).
 */
struct error *verdicts_write_markdown(const struct verdicts *verdicts,
				      const struct figure_group *group, const char *name,
				      FILE *out) MUST_CHECK;

#endif
