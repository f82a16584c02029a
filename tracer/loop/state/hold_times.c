/* How long threads are held; see hold_times.h. Loop layer. */
#include "tracer/loop/state/hold_times.h"

#include "tracer/base/clock.h"

enum { STEPS_LOG2 = 3, STEPS = 1 << STEPS_LOG2 };

/* Times below STEPS have a bucket each; beyond, the three bits behind the highest one number it. */
static unsigned bucket_of(uint64_t ns)
{
	if (ns < STEPS)
		return (unsigned)ns;
	const unsigned highest = 63 - (unsigned)__builtin_clzll(ns);
	const unsigned shift = highest - STEPS_LOG2;
	return (shift + 1) * STEPS + (unsigned)(ns >> shift) - STEPS;
}

/* The longest time of bucket @index. */
static int64_t bucket_longest_ns(unsigned index)
{
	if (index < STEPS)
		return index;
	const unsigned shift = index / STEPS - 1;
	return (int64_t)(((uint64_t)(index % STEPS + STEPS + 1) << shift) - 1);
}

void hold_times_fetched(struct hold_times *times)
{
	if (times->are_kept)
		times->fetched_ns = clock_now_ns();
}

void hold_times_begin(const struct hold_times *times, int64_t *since_ns)
{
	if (times->are_kept && *since_ns == 0)
		*since_ns = times->fetched_ns;
}

void hold_times_end(struct hold_times *times, int64_t *since_ns)
{
	if (*since_ns == 0)
		return;
	hold_times_note(times, clock_now_ns() - *since_ns);
	*since_ns = 0;
}

void hold_times_note(struct hold_times *times, int64_t held_ns)
{
	times->counts[bucket_of((uint64_t)held_ns)]++;
	times->count++;
	if (held_ns > times->longest_ns)
		times->longest_ns = held_ns;
}

int64_t hold_times_quantile_ns(const struct hold_times *times, double share)
{
	const double wanted = share * (double)times->count;
	uint64_t passed = 0;

	for (unsigned i = 0; i < HOLD_TIMES_BUCKETS; i++) {
		passed += times->counts[i];
		if (passed > 0 && (double)passed >= wanted) {
			const int64_t ns = bucket_longest_ns(i);
			return ns < times->longest_ns ? ns : times->longest_ns;
		}
	}
	return times->longest_ns;
}
