/*
 * What the code of a function tells of its calls (probe layer). Pure.
 */
#ifndef PROBE_CODE_FUNCTION_TRAITS_H
#define PROBE_CODE_FUNCTION_TRAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct function_traits {
	bool reenters;	       /* one jumps to the first: it may run again within one call */
	bool leaves_by_jump;   /* one may jump out of the function: it may end by a tail call */
	uint16_t popped_bytes; /* by its return instructions, besides the return address */
	size_t return_count;   /* number of return instructions */
};

/*
 * Of the function at @start, whose code is @code, of @bytes. @returns, when not NULL, gets the addresses
 * of its return instructions, at most @capacity.
 */
struct error *function_traits_find(const uint8_t *code, size_t bytes, taddr_t start,
				   taddr_t *returns, size_t capacity,
				   struct function_traits *ret) MUST_CHECK;

#endif
