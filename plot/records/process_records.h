/*
 * Readers of the records that tell of a process: PROC, EXEC, DONE, PEAK (plot layer, private to
 * profile_records).
 */
#ifndef PLOT_RECORDS_PROCESS_RECORDS_H
#define PLOT_RECORDS_PROCESS_RECORDS_H

#include "plot/records/record_reader.h"

struct error *record_read_proc(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_exec(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_done(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;
struct error *record_read_peak(struct record_reader *reader,
			       const struct field_values *values) MUST_CHECK;

#endif
