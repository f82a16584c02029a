/* Which probes cost too much; see overhead_decision.h. Loop layer. */
#include "tracer/loop/overhead/overhead_decision.h"

#include <stdlib.h>

/* What a window must have at least; a program that mostly sleeps has longer ones. */
static const int64_t WALL_NS = 500000000, BUSY_NS = 100000000;

/* So small a part of the budget is next to nothing. */
static const double LEAST_PART = 0.01;

int64_t overhead_own_ns(const struct overhead_times *times)
{
	/* All three are measured, with errors: what is left of many stops is not known to better than that. */
	enum { LEAST_PART_OF_CPU = 100 };
	const int64_t least_ns = times->cpu_ns / LEAST_PART_OF_CPU;
	const int64_t own_ns = times->cpu_ns - times->stops_cpu_ns - times->pads_ns;

	if (own_ns > least_ns)
		return own_ns;
	return least_ns > 0 ? least_ns : 1;
}

bool overhead_window_is_over(const struct overhead_times *times)
{
	return times->wall_ns >= WALL_NS && overhead_own_ns(times) + times->cost_ns >= BUSY_NS;
}

static int most_expensive_first(const void *left, const void *right)
{
	const struct overhead_item *a = left, *b = right;
	return (a->share < b->share) - (a->share > b->share);
}

double overhead_decide(struct overhead_item *items, size_t count, double other_share, double budget)
{
	double left = other_share;

	for (size_t i = 0; i < count; i++)
		left += items[i].share;
	if (count > 1)
		qsort(items, count, sizeof(*items), most_expensive_first);
	for (size_t i = 0; i < count; i++) {
		struct overhead_item *item = &items[i];
		item->verdict = OVERHEAD_STAYS;
		if (left <= budget || item->share < budget * LEAST_PART)
			continue;
		item->verdict = item->may_sum ? OVERHEAD_SUM_UP : OVERHEAD_DROP;
		left -= item->share;
	}
	return left;
}
