/*
 * What the calls of a function come to: counts, times, memory (plot layer). Pure.
 *
 * An *outer* call is not within another call of its function on its thread: recursion counts once in
 * total time and in memory. An *inherited* call (CALL_FORKED) was active in its parent when a process was
 * forked: it is the parent's call, and only its number is taken.
 */
#ifndef PLOT_TOTALS_FUNCTION_TOTALS_H
#define PLOT_TOTALS_FUNCTION_TOTALS_H

#include "plot/profile/profile.h"
#include "plot/totals/call_nesting.h"

/* The single call that gained most. */
struct worst_call {
	bool is_known;	   /* some outer call has gained something */
	size_t call;	   /* index into the function's calls */
	double gained_mib; /* above 0 */
	int64_t in_ns;	   /* since the epoch */
	int32_t process;   /* index into profile->processes */
	int32_t pid, tid;  /* 0: the file does not say */
};

struct function_totals {
	uint64_t calls;		  /* single ones and condensed ones, without those inherited */
	uint64_t condensed_calls; /* of them, those that the file has in windows only */
	uint64_t inherited_calls;
	uint64_t open_calls;	/* had not ended when the recording did */
	uint64_t held_calls;	/* with memory that was held, at the entry or at the end */
	uint64_t unwound_calls; /* thrown past by longjmp or an exception */

	int64_t total_ns; /* of outer calls, and of windows; saturates at INT64_MAX */
	/*
	 * Of all calls, without other recorded calls directly within them on their thread, recursion among
	 * them. From total_ns downwards to 0. Of a condensed call nothing is known of what was within it,
	 * nor within which call it was: then this is the most that it can have been.
	 */
	int64_t self_ns;
	bool is_self_at_most;
	int64_t mean_ns, shortest_ns,
		longest_ns; /* of one call, recursive ones too; 0 without calls */
	int64_t first_ns,
		last_ns; /* the first entry, the last end; PROFILE_TIME_UNKNOWN without calls */

	/* Of outer calls: end minus entry, so far if the call is open. Of a window only the sum is known. */
	double gained_mib;   /* what calls gained that gained; 0 or above */
	double released_mib; /* what calls gave back that gave back; 0 or above */
	double net_mib;	     /* gained minus released */
	struct worst_call worst;

	/*
	 * The highest at the entry or end of a call, and of the samples of its process during one: where the
	 * main series is the sum over all processes, of that one. -1: nothing is known.
	 */
	double highest_mib;
};

/*
 * Of one function, and of those calls only, and those windows of condensed ones, that overlap the time
 * from @from_ns to @to_ns. Self time is that of condensed calls only, and the highest memory that at calls'
 * entries and ends: what other functions and samples say of them is left out.
 */
struct error *function_totals_sum(struct function_totals *totals, const struct profile *profile,
				  const struct profile_function *function, int64_t from_ns,
				  int64_t to_ns) MUST_CHECK;

/* One for each of the profile's functions, in its order. *@ret is owned by the caller: free(3). */
struct error *function_totals_create(const struct profile *profile,
				     const struct call_nesting *nesting,
				     struct function_totals **ret) MUST_CHECK;

#endif
