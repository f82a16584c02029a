/*
 * What the readers of single records share (plot layer, private to profile_records).
 */
#ifndef PLOT_RECORDS_RECORD_READER_H
#define PLOT_RECORDS_RECORD_READER_H

#include "plot/records/fields.h"
#include "plot/profile/profile.h"
#include "plot/profile/sample_visitor.h"

/* A call seen open at a tick, until its FUNC comes. */
struct open_call {
	struct profile_call call;
	int32_t function;
	bool is_superseded;
};

static const char RECORD_NOT_A_NUMBER[] = "a field is missing, no number, or out of range";
static const char RECORD_NOT_UTF8[] = "not UTF-8";

struct record_reader {
	struct profile *profile;	      /* borrowed */
	const struct series_range *range;     /* borrowed; NULL: all samples */
	const struct sample_visitor *visitor; /* borrowed; NULL: none */
	bool skips_calls;		      /* of calls and passed probes nothing is kept */
	size_t records; /* lines with a first word that we know, damaged or not */
	bool seen_main; /* a PROC has named the main process */
	struct open_call *open;
	size_t open_count, open_capacity;
	size_t superseded_count;     /* of them */
	struct addr_map open_of_key; /* hash of function, tid and time in -> index + 1 */
	struct fields_second second; /* of the sample read last */
	double together_mib;	     /* of all processes, at the moment that was read last */
	int64_t together_ns;	     /* that moment */
	bool is_sum_wrong;	     /* a sample that was in that sum has been taken back */
	const char *damage;	     /* what is wrong with the current line; NULL: nothing */
};

void record_reader_deinit(struct record_reader *reader);

/* Notes what is wrong with the line; @what is static. NULL always: damage is no error. */
struct error *record_damaged(struct record_reader *reader, const char *what);

/* Replaces *@field by a clean copy of a name or a rest. Of bad UTF-8 it takes note. */
struct error *record_read_text(struct record_reader *reader, const union field_value *text,
			       char **field) MUST_CHECK;

/* From now on the process has so much in the sum of all processes; 0: it has ended. */
void record_count_memory(struct record_reader *reader, int32_t process, int64_t time_ns,
			 double mib);

/* A moment is over, or the file: what all had then is known. */
void record_end_moment(struct record_reader *reader);

#endif
