/*
 * The fields of one line, read from left to right by hand (plot layer).
 *
 * No locale, no strtod: ten million lines are read in well under a second. Every reader returns
 * false when the next field is missing or not what it asks for; then the cursor is of no use.
 */
#ifndef PLOT_RECORDS_FIELDS_H
#define PLOT_RECORDS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/profile_format.h"

struct fields {
	const char *at, *end; /* borrowed: the line's buffer */
};

/* One word, up to the next space. */
bool fields_read_word(struct fields *fields, const char **ret, size_t *ret_bytes);

/* The rest of the line; never fails, may be empty. */
void fields_read_rest(struct fields *fields, const char **ret, size_t *ret_bytes);

/* Seconds in any decimal shape ("12.5", "1e-05"), as nanoseconds, rounded, no double between. */
bool fields_read_seconds(struct fields *fields, int64_t *ret_ns);

/* A finite decimal number in any shape. */
bool fields_read_double(struct fields *fields, double *ret);

/*
 * The same, refusing what no profile can hold: times more than 146 years from the epoch, so that the
 * difference of any two is a number of nanoseconds, and memory beyond 2^64 bytes.
 */
bool fields_read_time(struct fields *fields, int64_t *ret_ns);
bool fields_read_mib(struct fields *fields, double *ret);

/* The second of the time read last, with its '.': a zeroed one knows none. */
enum { FIELDS_SECOND_BYTES = 11 };
struct fields_second {
	char text[FIELDS_SECOND_BYTES];
	int64_t ns;
};

/* As fields_read_time. Neighbours mostly share their second: its digits are then only compared. */
bool fields_read_next_time(struct fields *fields, struct fields_second *second, int64_t *ret_ns);

/* A whole number within int32_t. */
bool fields_read_int(struct fields *fields, int32_t *ret);

bool fields_read_count(struct fields *fields, uint64_t *ret);

/* Nothing is left but spaces. */
bool fields_at_end(struct fields *fields);

/* A field of a record, by its type in base/profile_format.h. */
union field_value {
	double mib; /* or any number that is not larger than memory may be */
	int64_t ns; /* a time since the epoch, a length of time */
	int32_t number;
	uint64_t count;
	bool is_set;
	enum call_end how;
	enum call_held held;
	struct {
		const char *at; /* borrowed: the line's buffer */
		size_t bytes;
	} text;
};

struct field_values {
	union field_value of[PROFILE_FIELDS_MOST];
	size_t count; /* of those that the line has; a rest is there always, perhaps empty */
};

/*
 * The first @wanted fields of a record, in the table's order; behind those that it needs, the line
 * may end. @second: as in fields_read_next_time.
 */
bool fields_read_record(struct fields *fields, const struct profile_record *record, size_t wanted,
			struct fields_second *second, struct field_values *ret);

#endif
