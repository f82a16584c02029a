/*
 * Which calls lie within which: all single calls of a profile, thread after thread, as a tree (plot
 * layer). Pure.
 *
 * Self time, a list of calls with their levels, balanced events for other programs and bars above each
 * other are all one walk over it. Condensed calls are of no thread, and not in it.
 */
#ifndef PLOT_TOTALS_CALL_NESTING_H
#define PLOT_TOTALS_CALL_NESTING_H

#include "plot/profile/profile.h"

/* A call by its place in the profile: profile->functions[function].calls[call]. */
struct call_place {
	uint32_t function, call;
};

/* A call that lies within none. */
static const uint32_t CALL_NESTING_ROOT = UINT32_MAX;

/* The calls of one thread are those from @first to before @first + @count. */
struct call_thread {
	int32_t process; /* index into profile->processes */
	int32_t tid;	 /* 0: the file does not say */
	size_t first, count;
};

struct call_nesting {
	struct call_place *calls; /* on a thread as they begin, the outer one first */
	uint32_t *
		parents; /* of each: the index in @calls of the innermost call around it, which is lower */
	size_t count;
	struct call_thread *threads; /* by process, then by tid */
	size_t thread_count;
};

/*
 * Borrows nothing: the profile may be released first, but must not change while the places are used.
 * A call is within another one of its thread that began no later and ended no earlier; where both
 * times are the same, the levels tell, if the file has them.
 */
struct error *call_nesting_init(struct call_nesting *nesting,
				const struct profile *profile) MUST_CHECK;
void call_nesting_deinit(struct call_nesting *nesting);

static inline const struct profile_call *
call_nesting_at(const struct profile *profile, const struct call_nesting *nesting, size_t index)
{
	const struct call_place *place = &nesting->calls[index];

	return &profile->functions[place->function].calls[place->call];
}

#endif
