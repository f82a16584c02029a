/*
 * Beginnings of lines that are too near to each other for a jump at each (probe layer). Pure.
 */
#ifndef PROBE_LINES_LINE_JOIN_H
#define PROBE_LINES_LINE_JOIN_H

#include <stddef.h>
#include <stdint.h>

#include "symbols/file/symbol_file.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* Points in code, by address: @lines[i] begins at @addresses[i]. */
struct line_points {
	taddr_t *addresses;
	uint32_t *lines;
	size_t count;
};

/*
 * Where a jump at one point would displace code that another begins in, the other moves, if that changes nothing of what
 * is measured. Both become one, at the address of the first: whatever comes to the second has come by the first, and
 * what is between them either reaches no memory, or is of the line that begins at the second as well. Or the second
 * comes some instructions later, behind the jump: they reach no memory, and nothing else comes to them.
 */
struct error *line_points_join(const struct symbol_file *file,
			       struct line_points *points) MUST_CHECK;

#endif
