/*
 * How much of what pads have recorded has memory that was held, and why (loop layer, ground floor): what the
 * summary tells of it. Pure.
 */
#ifndef LOOP_STATE_HELD_TALLY_H
#define LOOP_STATE_HELD_TALLY_H

#include <stddef.h>
#include <stdint.h>

enum { HELD_TALLY_ROWS = 8 };

struct held_row {
	const char *why; /* a literal */
	uint64_t count;
};

struct held_tally {
	struct held_row rows[HELD_TALLY_ROWS];
	size_t row_count;
	uint64_t total;
};

/* @count more, because of @why, a literal. What does not fit counts as the last row. */
void held_tally_note(struct held_tally *tally, const char *why, uint64_t count);

/*
 * The reasons, each with its count, those with most first: "4: a; 3: b", or as much of it as fits; of a single one
 * the reason alone.
 */
void held_tally_reasons(struct held_tally *tally, char *ret, size_t ret_bytes);

#endif
