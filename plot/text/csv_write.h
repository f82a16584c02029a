/*
 * CSV (RFC 4180, with '\n' at the end of a line), written as it comes (plot layer).
 *
 * A text that a spreadsheet would take for a formula begins with an apostrophe, which it does not show.
 * Bytes that are no UTF-8, and marks of direction, become U+FFFD; controls become spaces. No function
 * fails: csv_finish tells whether all has gone out.
 */
#ifndef PLOT_TEXT_CSV_WRITE_H
#define PLOT_TEXT_CSV_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/base/error.h"

struct csv_writer {
	FILE *out;	/* borrowed */
	bool is_in_row; /* a cell has been written since the last end */
};

void csv_init(struct csv_writer *csv, FILE *out);

void csv_put_text(struct csv_writer *csv, const char *text); /* NULL: an empty cell */
void csv_put_integer(struct csv_writer *csv, int64_t value);
void csv_put_count(struct csv_writer *csv, uint64_t value);
void csv_put_number(struct csv_writer *csv, double value); /* empty where it is no number */
void csv_put_seconds(struct csv_writer *csv, int64_t ns);
void csv_put_mib(struct csv_writer *csv, double mib); /* with the decimals that a profile has */
void csv_put_empty(struct csv_writer *csv);
/* A cell that csv_put_text has written before, or that needs no quotes: of long tables with few names. */
void csv_put_quoted(struct csv_writer *csv, const char *cell);
void csv_end_row(struct csv_writer *csv);

/* Fails if anything could not be written. @name says where to. */
struct error *csv_finish(struct csv_writer *csv, const char *name) MUST_CHECK;

#endif
