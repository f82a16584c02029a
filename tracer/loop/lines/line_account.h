/*
 * What the lines of one function have gained in one process (loop layer). Pure: no process is touched.
 *
 * An *activation* is a call of the function. Each reading of memory that is told of it is charged, as a difference from
 * the reading before, to the line that ran in between. So the increments of one activation add up to what it gained
 * from its beginning to its end, whatever was read in between.
 *
 * When a function calls itself, directly or not, the lines of the inner activation have what that gained, and the
 * calling line of the outer one has not: each byte is charged once. What the table of a function adds up to is the
 * gain of its outermost activations, of each thread by itself.
 *
 * An execution of a line is counted when control comes to its beginning from another line, or by going back to a lower
 * address or to the same one, as a loop does. In optimised code a line lies in pieces with others between them: there
 * it is not counted twice while control only moves forward.
 */
#ifndef LOOP_LINES_LINE_ACCOUNT_H
#define LOOP_LINES_LINE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* What one line has come to. */
struct line_tally {
	uint64_t count;		 /* executions that began */
	int64_t increment_bytes; /* negative: it gave back more than it took */
	uint64_t last_bytes;	 /* behind it, when it ran last */
	uint64_t
		held_count; /* so often a reading was of an earlier event: its neighbours may have some of it */
};

struct line_account {
	struct line_tally *tallies; /* by line. Owned */
	size_t line_count;
	bool is_optimised;
	uint64_t calls;	      /* activations that have begun here, or were met */
	uint64_t first_bytes; /* when the first of them did */
	int64_t gained_bytes; /* what all lines have, together */
	bool is_changed;      /* since the owner has set it back */
	struct addr_map
		innermost; /* what runs (a thread, a goroutine) -> its struct line_activation */
};

/* One call; owned by who has begun it. */
struct line_activation;

/* The memory at an event. */
struct line_reading {
	uint64_t bytes;
	bool is_held; /* it was read for an earlier event */
};

/* A place in the code of the function, where one line begins, or several at once, in their order. */
struct line_stop {
	taddr_t address;
	const uint32_t *lines; /* indices, below @line_count of the account; at least one */
	size_t count;
	bool is_joined; /* not all of them begin at @address, but a little behind it: nothing was read there */
};

/* Its lines have no tally yet; @line_count is not 0. Release with line_account_deinit, when no activation is left. */
struct error *line_account_init(struct line_account *account, size_t line_count,
				bool is_optimised) MUST_CHECK;
void line_account_deinit(struct line_account *account);

/*
 * The function is entered at @at by what @runner tells apart from all others. @is_counted: the lines there begin; they
 * do not when the call is met in the middle. *@ret must be ended.
 */
struct error *line_activation_begin(struct line_account *account, uint64_t runner,
				    const struct line_stop *at, bool is_counted,
				    const struct line_reading *now,
				    struct line_activation **ret) MUST_CHECK;

/* The same line runs in a copy of the process, of which @account is; likewise. */
struct error *line_activation_copy(const struct line_activation *of_parent,
				   struct line_account *account, uint64_t runner,
				   const struct line_reading *now,
				   struct line_activation **ret) MUST_CHECK;

/* Control has come to @at. */
void line_activation_reach(struct line_activation *activation, const struct line_stop *at,
			   const struct line_reading *now);

/* It was thrown past, perhaps: what comes is none of its doing, unless it is told of it. */
void line_activation_pass(struct line_activation *activation, const struct line_reading *now);

/* It is suspended, as a generator is: what comes until it is resumed, on whatever thread, is none of its doing. */
void line_activation_suspend(struct line_activation *activation, const struct line_reading *now);
void line_activation_resume(struct line_activation *activation, uint64_t runner,
			    const struct line_reading *now);

/* The innermost one of @runner that is neither suspended nor passed; NULL: there is none. */
struct line_activation *line_account_running(const struct line_account *account, uint64_t runner);

/* It has ended; releases it. Inner ones that are left are on their own from now on. NULL is fine. */
void line_activation_end(struct line_activation *activation, const struct line_reading *now);

/* The account that it is on. */
struct line_account *line_activation_account(const struct line_activation *activation);

#endif
