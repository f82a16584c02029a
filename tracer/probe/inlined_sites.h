/* The sites of inlined functions (probe layer; for planner.c). */
#ifndef PROBE_INLINED_SITES_H
#define PROBE_INLINED_SITES_H

#include "tracer/probe/image.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/probe_set.h"

/* Inserts the sites in @module. The sites borrow the plan. */
struct error *inlined_plan_insert(struct inlined_plan *plan, struct image *image,
				  struct tracee *tracee, struct probe_set *probes,
				  const struct module *module) MUST_CHECK;

#endif
