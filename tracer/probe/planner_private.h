/* What the files that implement planner.h share; for no other file (probe layer). */
#ifndef PROBE_PLANNER_PRIVATE_H
#define PROBE_PLANNER_PRIVATE_H

#include "tracer/probe/image.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/lines/line_plan.h"
#include "tracer/probe/probe_set.h"
#include "tracer/probe/watch/watch_points.h"
#include "symbols/usdt/usdt_match.h"

/* What the patterns, and we, ask for in one file. */
struct plan {
	const struct symbol_file *file;
	struct symbol_match *matches;
	size_t count;
	struct usdt_match *usdt;
	size_t usdt_count;
	struct inlined_plan inlined;
	struct line_plan lines;
	struct watch_points watch;
};

/* Its patterns match something, whether or not that can be probed. */
void plan_note_matched(const struct plan *plan, struct probe_set *probes);

/* Of which functions the lines are not known, though they are wanted. */
void plan_tell_lines(const struct plan *plan);

/* What a line or an address was found to be; a user cannot see it otherwise. */
void plan_tell_places(const struct plan *plan, const struct pattern_set *patterns);

#endif
