/*
 * The calls of one function, summed, and the longest of them (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_CALL_SUMMARY_H
#define PLOT_PROFILE_CALL_SUMMARY_H

#include "plot/profile/profile.h"

/* A call that goes on in a forked child (CALL_FORKED) is its parent's, and counts there alone. */
struct call_summary {
	uint64_t count;	  /* single calls and condensed ones */
	int64_t total_ns; /* a recursive call within its own function counts once */
	int64_t longest_ns;
	uint64_t held_count; /* calls with memory that was held */
	uint64_t open_count; /* calls that had not ended when the recording did */
};

struct error *call_summary_init(struct call_summary *summary,
				const struct profile_function *function) MUST_CHECK;

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
