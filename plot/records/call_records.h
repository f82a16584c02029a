/*
 * The records of calls, FUNC, CHFUNC, OPEN and MANY, of static probes, MARK, of the threads that made them,
 * THRD, and of functions that are not recorded any more, LEFT (plot layer, private to profile_records).
 */
#ifndef PLOT_RECORDS_CALL_RECORDS_H
#define PLOT_RECORDS_CALL_RECORDS_H

#include "plot/records/record_reader.h"

struct error *record_read_func(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_chfunc(struct record_reader *reader,
				 const struct field_values *values) MUST_CHECK;
struct error *record_read_open(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_many(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_mark(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_left(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_thrd(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;

/* Drops what is kept of open calls that have ended, once they are more than half. */
struct error *call_records_forget_ended(struct record_reader *reader) MUST_CHECK;

#endif
