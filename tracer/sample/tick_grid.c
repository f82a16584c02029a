/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fixed grid that samples are taken on; see tick_grid.h. Sample layer. */
#include "tracer/sample/tick_grid.h"

bool tick_grid_pass(struct tick_grid *grid, uint64_t count, int64_t now_ns)
{
	grid->passed += count;
	if (count <= grid->to_skip) {
		grid->to_skip -= count;
		grid->skipped += count;
		return false;
	}
	grid->skipped += grid->to_skip;
	grid->missed += count - grid->to_skip - 1;
	grid->to_skip = 0;
	grid->taken++;
	int64_t late_ns = now_ns - grid->start_ns - (int64_t)grid->passed * grid->interval_ns;
	if (late_ns < 0)
		late_ns = 0;
	grid->late_total_ns += late_ns;
	if (late_ns > grid->late_longest_ns)
		grid->late_longest_ns = late_ns;
	return true;
}

void tick_grid_spend(struct tick_grid *grid, int64_t cost_ns)
{
	const int64_t allowed_ns = grid->interval_ns / TICK_SHARE;
	/* The cheaper one of two: once, another process may have had the CPU. */
	int64_t least_ns = cost_ns < grid->cost_ns ? cost_ns : grid->cost_ns;

	grid->cost_ns = cost_ns;
	grid->to_skip = 0;
	if (least_ns > allowed_ns)
		grid->to_skip = (uint64_t)((least_ns - 1) / allowed_ns);
	grid->stretches = grid->to_skip > 0 ? grid->stretches + 1 : 0;
}
