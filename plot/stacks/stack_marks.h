/*
 * The peaks at which stacks of a process were recorded (plot layer).
 */
#ifndef PLOT_STACKS_STACK_MARKS_H
#define PLOT_STACKS_STACK_MARKS_H

#include "plot/profile/profile.h"

/* STACK records of one moment; first those by which memory was got. */
struct stack_mark {
	int64_t at_ns;
	double mib;
	int32_t process;
	size_t first, count; /* in profile.stacks.met */
};

struct stack_marks {
	struct stack_mark *marks; /* by process, then by time */
	size_t count;
};

/* Zeroed there are none. */
struct error *stack_marks_init(struct stack_marks *marks, const struct profile *profile) MUST_CHECK;
void stack_marks_deinit(struct stack_marks *marks);

/* The highest of a process; NULL: none. */
const struct stack_mark *stack_marks_highest(const struct stack_marks *marks, int32_t process);

/* The last of a process that is no later than @time_ns; NULL: none. */
const struct stack_mark *stack_marks_at(const struct stack_marks *marks, int32_t process,
					int64_t time_ns);

/* What says most of who had the memory: what got most of it, else a thread that was in a stop, or slept, first the main one. */
const struct met_stack *stack_mark_culprit(const struct stack_mark *mark,
					   const struct profile *profile);

#endif
