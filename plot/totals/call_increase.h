/*
 * By how much memory rises while a function runs (plot layer). Pure.
 *
 * The increase of a call is the highest memory of its process from its entry to its end, minus that at its
 * entry: 0 at least, also where the call has given memory back. Between its ends memory is known at samples, and
 * at the entries and ends of all calls of the process.
 *
 * The kernel's high-water mark says more where it was read at entries and ends: if it has risen between the two
 * it is what the process had within the call, at most and exactly.
 */
#ifndef PLOT_TOTALS_CALL_INCREASE_H
#define PLOT_TOTALS_CALL_INCREASE_H

#include "plot/profile/profile.h"
#include "plot/totals/mark_list.h"

/* Of the calls of one function that are not within another of its calls on their thread. */
struct call_increase {
	uint64_t calls; /* of which something is known; without those inherited */
	uint64_t
		condensed_calls; /* of which only what they gained together is known; not in @calls */
	uint64_t held_calls;	 /* of @calls, those with memory at entry or end that was held */
	double highest_mib, mean_mib; /* NAN: no call */
	/*
	 * What the increase of any call can have been at most, as the marks have it; equal to the highest where
	 * no higher memory can have been missed. NAN: there is no mark for one of the processes.
	 */
	double bound_mib;
};

/*
 * @marks: sorted, of a recording that has read them whenever a call began or returned; NULL: it has not.
 * One for each of the profile's functions, in its order. *@ret is owned by the caller: free(3). Where the main
 * series is the sum over all processes, its samples are not those of any process, and are left out.
 */
struct error *call_increases_create(const struct profile *profile, const struct mark_list *marks,
				    struct call_increase **ret) MUST_CHECK;

#endif
