/*
 * All figures of a profile: of its functions, of its processes, and of these together (plot layer). Pure.
 *
 * What report, diff, check and export say of a profile is taken from here, so that all say the same.
 */
#ifndef PLOT_TOTALS_PROFILE_TOTALS_H
#define PLOT_TOTALS_PROFILE_TOTALS_H

#include "plot/profile/profile.h"
#include "plot/totals/call_nesting.h"
#include "plot/totals/function_totals.h"
#include "plot/totals/process_totals.h"
#include "plot/totals/tree_sum.h"

struct profile_totals {
	int64_t start_ns, end_ns; /* of all samples and calls, since the epoch */
	const char
		*command; /* the main process's, else the command line; borrowed; NULL: unknown */
	struct call_nesting nesting;
	struct function_totals *functions; /* as many as profile->functions, in their order */
	struct process_totals *processes;  /* as many as profile->processes, in their order */
	struct tree_sum tree;
};

/* Borrows @profile, which must outlive @totals and not change. */
struct error *profile_totals_init(struct profile_totals *totals,
				  const struct profile *profile) MUST_CHECK;
void profile_totals_deinit(struct profile_totals *totals);

/* The child with the highest peak, as an index; 0: no child has one. */
size_t profile_totals_highest_child(const struct profile_totals *totals,
				    const struct profile *profile);

#endif
