/*
 * The calls of one function: the outer ones, the longest, those of some time (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_CALL_SUMMARY_H
#define PLOT_PROFILE_CALL_SUMMARY_H

#include "plot/profile/profile.h"

/* A call that goes on in a forked child (CALL_FORKED) is its parent's, and counts there alone. */
/*
 * For each single call whether it is an outer one: not within another call of its function on its
 * thread. Those that go on in a forked child are none, and those within them are outer ones. *@ret is
 * owned by the caller.
 */
struct error *calls_find_outer(const struct profile_function *function, bool **ret) MUST_CHECK;

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
