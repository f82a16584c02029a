/*
 * Recorded stacks, weighed: how much of the memory, or of the time, is each one's (plot layer). Pure.
 *
 * By memory they are those by which memory was got until peaks, and those of calls, with what the calls gained; by
 * time those of calls. A single call that has its stack is weighed by what it has of its own. What all others of its
 * function have is shared out among the stacks of those that are condensed, or else among all that there are. Growth
 * has been charged to its stacks already.
 */
#ifndef PLOT_STACKS_STACK_WEIGHTS_H
#define PLOT_STACKS_STACK_WEIGHTS_H

#include "plot/totals/call_nesting.h"

/* Growth that no stack is known of. */
static const int32_t WEIGHT_UNKNOWN = INT32_MIN;

struct weighed_stack {
	int32_t process; /* index into profile.processes */
	int32_t frame; /* index of the innermost; -1 - index of a function: that has no stack; WEIGHT_UNKNOWN */
	double weight; /* bytes, or nanoseconds; above 0 */
};

/* Each stack of a process once. */
struct stack_weights {
	struct weighed_stack *stacks; /* the heaviest first */
	size_t count, capacity;
};

struct error *stack_weights_create(const struct profile *profile,
				   const struct call_nesting *nesting, bool is_memory,
				   struct stack_weights *ret) MUST_CHECK;

/* Of growth (GROW records), by bytes. */
struct error *stack_weights_create_grown(const struct profile *profile,
					 struct stack_weights *ret) MUST_CHECK;
void stack_weights_deinit(struct stack_weights *weights);

#endif
