/*
 * Recognises our trap in a copy that a program has made of its own code (probe layer). Pure: bytes in,
 * a byte or none out.
 */
#ifndef PROBE_CODE_COPIED_CODE_H
#define PROBE_CODE_COPIED_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CODE_REACH_BYTES = 64,
	CODE_VIEW_BYTES = 2 * CODE_REACH_BYTES,
};

/* The code around an address, which is at bytes[CODE_REACH_BYTES]. */
struct code_view {
	uint8_t bytes[CODE_VIEW_BYTES];
	uint8_t start, end; /* [start, end) of it is known */
};

/* The code around a site, as the program has it, and where the trap of any site may stand in it. */
struct code_source {
	struct code_view code;
	bool may_be_trap[CODE_VIEW_BYTES];
	uint8_t displaced_bytes;
	uint64_t
		function_bytes; /* of the function that begins at the site; 0: none does, or not known */
};

/* What the sources looked at so far say. Zeroed: nothing. */
struct copy_verdict {
	bool is_found;
	bool is_unclear; /* two of them say different things */
	uint8_t byte;	 /* what the trap stands for */
};

/*
 * @copy, with a trap at its address, may be a copy of @source: all that is the same around it without
 * a gap suffices to tell, whether that is a number of bytes or a whole function.
 */
bool copied_code_is_of(const struct code_view *copy, const struct code_source *source);

void copy_verdict_add(struct copy_verdict *verdict, const struct code_source *source);

#endif
