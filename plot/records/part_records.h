/*
 * The records of what memory is made of, PART, and of what is recorded beside it, WITH (plot layer, private to profile_records).
 */
#ifndef PLOT_RECORDS_PART_RECORDS_H
#define PLOT_RECORDS_PART_RECORDS_H

#include "plot/records/record_reader.h"

struct error *record_read_part(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;

struct error *record_read_with(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;

#endif
