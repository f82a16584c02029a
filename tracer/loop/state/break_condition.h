/*
 * When a recording is to stop and look: what --break-at and --break-if ask for (loop layer, ground floor). Pure.
 *
 *   CONDITION   TERM [and TERM …]                blanks around each are allowed; all must hold at once
 *   TERM        FIGURE COMPARISON AMOUNT
 *   FIGURE      memory: of one process, now; growth: by how much that has grown within the time of the amount
 *   COMPARISON  > >=
 *   AMOUNT      of memory a size (500M), a plain number is in MiB; of growth memory over one unit of time (100M/s:
 *               more than 100 MiB within a second; 1G/h: within an hour)
 *
 * A process that is younger than the time of the amount has grown from its first reading on.
 */
#ifndef LOOP_STATE_BREAK_CONDITION_H
#define LOOP_STATE_BREAK_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

enum break_figure { BREAK_MEMORY, BREAK_GROWTH };

struct break_term {
	enum break_figure figure;
	bool includes_equal; /* >= */
	uint64_t bytes;
	int64_t within_ns; /* with BREAK_GROWTH */
};

enum { BREAK_TERMS_MOST = 4, BREAK_CONDITION_BYTES = 160 };

struct break_condition {
	struct break_term terms[BREAK_TERMS_MOST];
	size_t term_count;		  /* 0: nothing is asked of the memory */
	char text[BREAK_CONDITION_BYTES]; /* as it is shown: "memory>=500M and growth>10M/s" */
};

/* Memory of at least the size @text. Fails with ERR_USAGE and says what is wrong with it. */
struct error *break_condition_parse_size(const char *text, struct break_condition *ret) MUST_CHECK;

/* The grammar above; likewise. */
struct error *break_condition_parse(const char *text, struct break_condition *ret) MUST_CHECK;

/* Whether it holds of @bytes, its figure. */
bool break_term_holds(const struct break_term *term, uint64_t bytes);

#endif
