/*
 * Readers of the records of lines: LINE, LINES, TEXT (plot layer, private to profile_records).
 */
#ifndef PLOT_RECORDS_LINE_RECORDS_H
#define PLOT_RECORDS_LINE_RECORDS_H

#include "plot/records/record_reader.h"

struct error *record_read_line(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_lines(struct record_reader *reader,
				const struct field_values *values) MUST_CHECK;
struct error *record_read_line_text(struct record_reader *reader,
				    const struct field_values *values) MUST_CHECK;

#endif
