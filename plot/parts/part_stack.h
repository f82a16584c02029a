/*
 * What memory was made of over time, as layers on each other (plot layer). Pure.
 */
#ifndef PLOT_PARTS_PART_STACK_H
#define PLOT_PARTS_PART_STACK_H

#include "plot/profile/profile.h"
#include "tracer/base/memory/part_kind.h"

struct part_layer {
	enum part_kind kind;
	char *title; /* owned */
	double *mib; /* at each of the stack's times, owned */
};

struct part_stack {
	int64_t *time_ns; /* in order; between two of them a layer goes straight */
	size_t count;
	struct part_layer *
		layers; /* from the bottom up: the largest first, those that are not resident last */
	size_t layer_count;
	double top_mib; /* of all together, at most */
};

struct part_stack_limits {
	int64_t from_ns,
		to_ns; /* nothing outside is wanted; the ends are in it where the process was there */
	size_t points; /* about so many times at most */
	size_t layers; /* at most; what is left is one, "the rest" */
};

/* Of the process whose curve it is; of all together where that is their sum. Empty: nothing was recorded of it. */
struct error *part_stack_init(struct part_stack *stack, const struct profile *profile,
			      size_t process, const struct part_stack_limits *limits) MUST_CHECK;
void part_stack_deinit(struct part_stack *stack);

/* The layer that is at that time and height, and how much it has then; SIZE_MAX: none is there. */
size_t part_stack_find(const struct part_stack *stack, int64_t time_ns, double height_mib,
		       double *ret_mib);

#endif
