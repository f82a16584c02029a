/*
 * The records of stacks, FRAME, STACK and GROW (plot layer, private to profile_records).
 */
#ifndef PLOT_RECORDS_STACK_RECORDS_H
#define PLOT_RECORDS_STACK_RECORDS_H

#include "plot/records/record_reader.h"

struct error *record_read_frame(struct record_reader *reader,
				const struct field_values *values) MUST_CHECK;
struct error *record_read_stack(struct record_reader *reader,
				const struct field_values *values) MUST_CHECK;
struct error *record_read_grow(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;

#endif
