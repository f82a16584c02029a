/*
 * The records of a FILE.dat, line by line (plot layer, private to profile_reader). A table has a
 * reader for each first word that is read at all.
 */
#ifndef PLOT_RECORDS_PROFILE_RECORDS_H
#define PLOT_RECORDS_PROFILE_RECORDS_H

#include "plot/records/record_reader.h"

/* Reads one line, without its '\n'. Sets reader->damage. Fails only for lack of memory. */
struct error *record_read(struct record_reader *reader, const char *line, size_t bytes) MUST_CHECK;

/* After the last line: makes calls of open ones without a FUNC; finds the first and last time. */
struct error *records_finish(struct record_reader *reader) MUST_CHECK;

/* Takes the open calls back, so that more lines can be read. After records_finish, which follows again. */
struct error *records_resume(struct record_reader *reader) MUST_CHECK;

#endif
