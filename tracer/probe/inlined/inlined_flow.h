/*
 * Where control enters and leaves the code of an inlined function (probe layer). Pure.
 *
 * Compilers mix it with its caller's: a few instructions of the caller's between two of its own are taken
 * to be part of it, and what they make of it twice (loops turned or unrolled) is entered at each copy.
 */
#ifndef PROBE_INLINED_INLINED_FLOW_H
#define PROBE_INLINED_INLINED_FLOW_H

#include "symbols/dwarf/dwarf_function.h"
#include "tracer/probe/code/cfg.h"

/* Also the order in which those of one address happen. */
enum flow_kind {
	FLOW_LEAVE, /* control has left it */
	FLOW_ENTER,
	FLOW_LAST, /* the instruction that is about to be executed leaves it */
};

struct flow_point {
	taddr_t address; /* as in the file */
	enum flow_kind kind;
	bool may_come_back; /* of FLOW_ENTER: its own code leads there, too */
};

enum { FLOW_POINTS_MAX = 256 };

/*
 * The points of the code in @ranges, which begins at @entry (0: it is not known), in @graph. *@ret_count is 0 when DWARF and
 * the code do not fit together, the ways out are more than FLOW_POINTS_MAX, or *@steps_left, from which is
 * taken what it costs, are not enough. @ret has room for so many.
 */
struct error *inlined_flow_find(const struct cfg *graph, taddr_t entry,
				const struct inlined_range *ranges, size_t range_count,
				uint64_t *steps_left, struct flow_point *ret,
				size_t *ret_count) MUST_CHECK;

#endif
