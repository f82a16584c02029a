/*
 * The sites of lines (probe layer): one where lines begin, unless a probed function does.
 */
#ifndef PROBE_LINES_LINE_SITES_H
#define PROBE_LINES_LINE_SITES_H

#include "tracer/probe/image.h"
#include "tracer/probe/lines/line_plan.h"

/*
 * Inserts those of @plan in @module; @tracee as for image_insert. The sites where its functions begin are there; where
 * none is, that function is left alone.
 */
struct error *line_plan_insert(const struct line_plan *plan, struct image *image,
			       struct tracee *tracee, const struct module *module) MUST_CHECK;

#endif
