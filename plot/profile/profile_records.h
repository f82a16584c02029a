/*
 * The records of a FILE.dat, one reader for each first word (plot layer, private to
 * profile_reader).
 */
#ifndef PLOT_PROFILE_PROFILE_RECORDS_H
#define PLOT_PROFILE_PROFILE_RECORDS_H

#include "plot/profile/fields.h"
#include "plot/profile/profile.h"

/* A call seen open at a tick, until its FUNC comes. */
struct open_call {
	struct profile_call call;
	int32_t function;
	bool is_superseded;
};

static const char RECORD_NOT_A_NUMBER[] = "a field is missing, no number, or out of range";
static const char RECORD_NOT_UTF8[] = "not UTF-8";

struct record_reader {
	struct profile *profile;	  /* borrowed */
	const struct series_range *range; /* borrowed; NULL: all samples */
	size_t records;			  /* lines with a first word that we know, damaged or not */
	bool seen_main;			  /* a PROC has named the main process */
	struct open_call *open;
	size_t open_count, open_capacity;
	struct addr_map open_of_key; /* hash of function, tid and time in -> index + 1 */
	struct fields_second second; /* of the sample read last */
	struct fields fields;	     /* of the current line */
	const char *damage;	     /* what is wrong with the current line; NULL: nothing */
};

void record_reader_deinit(struct record_reader *reader);

/* Reads one line, without its '\n'. Sets reader->damage. Fails only for lack of memory. */
struct error *record_read(struct record_reader *reader, const char *line, size_t bytes) MUST_CHECK;

/* After the last line: makes calls of open ones without a FUNC; finds the first and last time. */
struct error *records_finish(struct record_reader *reader) MUST_CHECK;

/* Notes what is wrong with the line; @what is static. NULL always: damage is no error. */
struct error *record_damaged(struct record_reader *reader, const char *what);

/* call_records.c: the readers of FUNC, OPEN and MANY. */
struct error *record_read_func(struct record_reader *reader, struct fields *fields) MUST_CHECK;
struct error *record_read_open(struct record_reader *reader, struct fields *fields) MUST_CHECK;
struct error *record_read_many(struct record_reader *reader, struct fields *fields) MUST_CHECK;

/* mark_records.c: the reader of MARK. */
struct error *record_read_mark(struct record_reader *reader, struct fields *fields) MUST_CHECK;

#endif
