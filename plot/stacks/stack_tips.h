/*
 * Stacks at peaks, in words for tooltips (plot layer).
 */
#ifndef PLOT_STACKS_STACK_TIPS_H
#define PLOT_STACKS_STACK_TIPS_H

#include "plot/profile/profile.h"

/* What says most of one peak. */
struct stack_tip {
	int64_t since_ns; /* the profile's zero_ns */
	int32_t process;  /* index into profile.processes */
	char *text;	  /* lines: "peak of 64.9 MiB: got 40.0 MiB in", then functions; owned */
};

struct stack_tips {
	struct stack_tip *tips; /* by process, then by time */
	size_t count;
};

/* Of those of a profile the first STACK_TIPS_MAX; more are more than can be pointed at. */
enum { STACK_TIPS_MAX = 4096 };

/* Zeroed there are none. */
struct error *stack_tips_init(struct stack_tips *tips, const struct profile *profile) MUST_CHECK;
void stack_tips_deinit(struct stack_tips *tips);

/* That of the last peak of a process until then; NULL: there was none. */
const struct stack_tip *stack_tips_find(const struct stack_tips *tips, int32_t process,
					int64_t since_ns);

/* The functions in which a call was made, behind "called in" and on lines of their own; "": not known. NULL without memory. Owned. */
char *stack_tip_of_call(const struct profile *profile, const struct profile_call *call);

#endif
