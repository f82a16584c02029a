/*
 * The calls of one function: the outer ones, the longest, those of some time (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_CALL_SUMMARY_H
#define PLOT_PROFILE_CALL_SUMMARY_H

#include "plot/profile/profile.h"

/*
 * For each single call whether it is an outer one: not within another call of its function on its
 * thread. Those that go on in a forked child are none, and those within them are outer ones. *@ret is
 * owned by the caller.
 */
struct error *calls_find_outer(const struct profile_function *function, bool **ret) MUST_CHECK;

/* Whether what lasted from @start_ns to @end_ns and the time from @from_ns to @to_ns have a moment in common. */
static inline bool times_overlap(int64_t start_ns, int64_t end_ns, int64_t from_ns, int64_t to_ns)
{
	return end_ns >= from_ns && start_ns <= to_ns;
}

/*
 * The window of one call. Where it is not @is_outer, what it took and gained is in the sums of the call around
 * it, and counts as 0.
 */
struct condensed_calls condensed_calls_of(const struct profile_call *call, bool is_outer);

/* Adds the calls of @more to @window, whose process stays. Sums of time saturate at INT64_MAX. */
void condensed_calls_add(struct condensed_calls *window, const struct condensed_calls *more);

/* When the function was first entered, since the epoch; INT64_MAX: never. */
int64_t calls_first_entry_ns(const struct profile_function *function);

/*
 * The indices of the longest @limit calls among those that overlap the time from @from_ns to @to_ns,
 * in no particular order; all of these when there are no more. *@ret is owned by the caller.
 */
struct error *calls_pick_longest(const struct profile_function *function, int64_t from_ns,
				 int64_t to_ns, size_t limit, size_t **ret,
				 size_t *ret_count) MUST_CHECK;

/* How many calls overlap it, single and condensed ones; *@ret_single are those of the first kind. */
uint64_t calls_count_between(const struct profile_function *function, int64_t from_ns,
			     int64_t to_ns, size_t *ret_single);

#endif
