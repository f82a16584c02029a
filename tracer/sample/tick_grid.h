/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fixed grid that samples are taken on, and how well it is kept (sample layer). Pure: it is told the
 * time; unit-tested.
 */
#ifndef SAMPLE_TICK_GRID_H
#define SAMPLE_TICK_GRID_H

#include <stdbool.h>
#include <stdint.h>

/* Sampling may take one part in so many of the time: the rest is for the stops of the program. */
enum { TICK_SHARE = 4 };

/* Zeroed but for the first two. */
struct tick_grid {
	int64_t start_ns; /* the first tick is one interval later */
	int64_t interval_ns;
	uint64_t passed; /* points of the grid so far: the sum of the next three */
	uint64_t taken;
	uint64_t missed;			/* others had the CPU, or stops came first */
	uint64_t skipped;			/* left out, since sampling would take too long */
	int64_t late_total_ns, late_longest_ns; /* of those taken */
	int64_t cost_ns;			/* of the last one taken */
	uint64_t to_skip;			/* of the points to come */
	unsigned stretches; /* so many in a row have been followed by points left out */
};

/* @count points have passed by @now_ns since the last time; whether to sample now. */
bool tick_grid_pass(struct tick_grid *grid, uint64_t count, int64_t now_ns);

/*
 * The sample that was taken has cost @cost_ns: when that is more than one part in TICK_SHARE of the
 * interval, twice in a row, whole points are left out until it is not.
 */
void tick_grid_spend(struct tick_grid *grid, int64_t cost_ns);

#endif
