/*
 * Who grew it: sums of a profile's growth, by frame and by function (plot layer).
 */
#ifndef PLOT_STACKS_GROWTH_TOTALS_H
#define PLOT_STACKS_GROWTH_TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "plot/profile/profile.h"

struct growth_figures {
	double self_mib, total_mib; /* charged to it; to it and all that it has called */
	double own_mib; /* of a function: to it, and to functions of the C and C++ libraries that it has called */
	uint64_t faults; /* of itself */
};

struct growth_function {
	int32_t name, module;	       /* indices into the profile's stacks.names */
	struct growth_figures figures; /* a stack on which it is several times counts once */
	uint32_t last_frame; /* growth_totals.c's own: of the last stack that was added, plus 1 */
};

struct growth_totals {
	struct growth_figures *of_frame; /* by index; owned */
	size_t frame_count;
	struct growth_function *functions; /* in the order of their first frames; owned */
	size_t function_count, function_capacity;
	uint32_t *function_of_frame; /* owned */
	double all_mib, unknown_mib; /* the latter: charged to no stack */
	uint64_t all_faults;
};

/* To be released also after a failure. */
struct error *growth_totals_init(struct growth_totals *totals,
				 const struct profile *profile) MUST_CHECK;
void growth_totals_deinit(struct growth_totals *totals);

#endif
