/*
 * Random states of all registers, and such as let a form reach memory and code that are there.
 */
#ifndef TESTS_FUZZ_RELOCATION_STATES_H
#define TESTS_FUZZ_RELOCATION_STATES_H

#include "tests/fuzz/relocation/forms.h"
#include "tests/fuzz/relocation/run.h"

enum { CODE_AT = CODE_BYTES / 2, DATA_MIDDLE = DATA_BYTES / 2 };

struct state_maker {
	uint64_t seed;
	struct run_state initial; /* before anything is set */
	size_t vector_bytes;
};

void state_maker_init(struct state_maker *maker, uint64_t seed);

/* State @number for @form in that layout; number 0 is as calm as can be, and some are wild. */
void state_make(struct state_maker *maker, const struct form *form, const struct run_layout *layout,
		unsigned number, struct run_state *ret);

/* Which of two results differ, in words; NULL: none. @pc and @address of both are compared by the caller. */
const char *state_difference(const struct run_state *a, const struct run_state *b);

#endif
