/*
 * Verdicts in words (plot layer). Returned strings are owned and clean UTF-8, NULL on lack of memory.
 */
#ifndef PLOT_COMPARE_VERDICT_TEXT_H
#define PLOT_COMPARE_VERDICT_TEXT_H

#include "plot/compare/verdict.h"

/* "ok", "BROKEN", "LOW", "UNKNOWN". */
const char *verdict_word(enum verdict_status status);

/* What is limited: "peak", "load: gain". */
char *verdict_subject(const struct verdict *verdict);

/* The value, or the change of it: "120.3 MiB", "+5.0 %", "new"; "-" if it is not known. */
void verdict_format_measured(const struct verdict *verdict, char ret[static FIGURE_TEXT_BYTES]);

/* "at most 500.0 MiB". */
enum { VERDICT_ALLOWED_BYTES = FIGURE_TEXT_BYTES + 16 };
void verdict_format_allowed(const struct verdict *verdict, char ret[static VERDICT_ALLOWED_BYTES]);

/* What else there is to say, "" for nothing: how much it is too much, of which function, what to do. */
char *verdict_remark(const struct verdict *verdict);

/* All of it in one line: "load: gain is 160.1 MiB, at most 50.0 MiB: …". */
char *verdict_sentence(const struct verdict *verdict);

#endif
