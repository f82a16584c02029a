/*
 * Where calls of inlined functions begin and end in one file (probe layer). No process is touched.
 */
#ifndef PROBE_INLINED_INLINED_PLAN_H
#define PROBE_INLINED_INLINED_PLAN_H

#include "symbols/file/inlined.h"
#include "symbols/file/symbol_file.h"
#include "symbols/pattern/pattern.h"
#include "tracer/probe/inlined/inlined_flow.h"

struct probe; /* probe_set.h */

/* What happens at one address to the calls of one instance. */
struct inlined_point {
	taddr_t address, entry; /* as in the file; the instance's first instruction */
	enum flow_kind kind;
	bool may_come_back;
	uint32_t name;	   /* index of the function's in the list */
	uint32_t instance; /* an instance comes before those that are inlined into it */
	struct cfa_rule cfa;
};

/* The points of one file. */
struct inlined_plan {
	struct inlined_list list;
	struct probe **probes;	      /* one for each name; borrowed, made at the first insertion */
	struct inlined_point *points; /* by address, then in the order in which they happen */
	size_t point_count;
	size_t probed_count; /* instances */
};

/*
 * Works out what @patterns ask for in @file. An instance whose code and DWARF do not fit together is left
 * out. Zeroed where there is nothing.
 */
struct error *inlined_plan_make(const struct symbol_file *file, const struct pattern_set *patterns,
				struct inlined_plan *ret) MUST_CHECK;
void inlined_plan_deinit(struct inlined_plan *plan);

#endif
