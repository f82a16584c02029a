/*
 * Rows of figures, written fast (plot layer, private to the room).
 */
#ifndef PLOT_EXPORT_ROW_TEXT_H
#define PLOT_EXPORT_ROW_TEXT_H

#include <inttypes.h>
#include <stdio.h>

#include "plot/text/number_text.h"

static inline void row_put(FILE *out, const char *text)
{
	fputs_unlocked(text, out);
}

static inline void row_put_integer(FILE *out, int64_t value)
{
	char text[NUMBER_TEXT_BYTES];

	fwrite_unlocked(text, 1, number_text_decimal(text, value, 0), out);
}

static inline void row_put_count(FILE *out, uint64_t value)
{
	if (value <= INT64_MAX)
		row_put_integer(out, (int64_t)value);
	else /* of a damaged file */
		fprintf(out, "%" PRIu64, value);
}

static inline void row_put_seconds(FILE *out, int64_t ns)
{
	char text[NUMBER_TEXT_BYTES];

	fwrite_unlocked(text, 1, number_text_seconds(text, ns), out);
}

static inline void row_put_mib(FILE *out, double mib)
{
	char text[NUMBER_TEXT_BYTES];

	fwrite_unlocked(text, 1, number_text_mib(text, mib), out);
}

#endif
