/*
 * Which probes cost too much (loop layer): times in, a decision out. No system call.
 *
 * The budget is a share of the program's own time: the CPU time that it would use untraced. What happens once, the
 * reading of symbols or the first hits of many functions, is no reason to lose records: what counts is what a probe, and
 * all that is no probe's, cost in two windows in a row, in the cheaper one of them.
 */
#ifndef LOOP_OVERHEAD_OVERHEAD_DECISION_H
#define LOOP_OVERHEAD_OVERHEAD_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the program has used in a window, and what part of that is ours. */
struct overhead_times {
	int64_t wall_ns;
	int64_t cpu_ns;	      /* CPU time of its processes, … */
	int64_t stops_cpu_ns; /* … of that, the kernel's work for stops, … */
	int64_t pads_ns;      /* … and what pads took */
	int64_t cost_ns;      /* all that recording cost it */
};

/* The CPU time that the program would have used untraced; above 0, as far as it can be told. */
int64_t overhead_own_ns(const struct overhead_times *times);

/* Whether a window is long enough to be judged. */
bool overhead_window_is_over(const struct overhead_times *times);

enum overhead_verdict {
	OVERHEAD_STAYS,
	OVERHEAD_SUM_UP,
	OVERHEAD_DROP,
};

struct overhead_item {
	void *owner;
	double share; /* of the program's own time */
	bool may_sum; /* most of it is of pads, that could sum its calls up and do not yet */
	enum overhead_verdict verdict;
};

/*
 * Sorts @items, the most expensive first, and judges them, so that the rest is within @budget, together with @other_share that is no
 * item's. Whoever's calls are going to be summed up is taken to cost nothing, until the next windows show. What costs next
 * to nothing stays: dropping it would not help. Returns the share that is left.
 */
double overhead_decide(struct overhead_item *items, size_t count, double other_share,
		       double budget);

#endif
