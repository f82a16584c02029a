/*
 * Verdicts in a terminal, a line each, and as JSON (plot layer).
 */
#ifndef PLOT_COMPARE_VERDICT_TABLE_H
#define PLOT_COMPARE_VERDICT_TABLE_H

#include <stdio.h>

#include "plot/compare/verdict.h"
#include "plot/text/json_write.h"

/* @width: the terminal's columns; 0: any width. */
struct error *verdicts_print(const struct verdicts *verdicts, FILE *out, size_t width) MUST_CHECK;

/* An array of objects. */
struct error *verdicts_write_json(const struct verdicts *verdicts, struct json_writer *json,
				  const char *key) MUST_CHECK;

#endif
