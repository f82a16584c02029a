/*
 * A profile for other programs: its samples and calls in formats that they read (plot layer).
 *
 * Each format is a row of the table in export.c. What would be too large is reduced: samples first, to the
 * lowest and highest of columns of time; then calls, the shortest first, whose sums are kept where a format
 * has a place for them.
 */
#ifndef PLOT_EXPORT_EXPORT_H
#define PLOT_EXPORT_EXPORT_H

#include <stdint.h>
#include <stdio.h>

#include "plot/export/export_reduction.h"
#include "plot/export/export_source.h"
#include "tracer/base/error.h"

enum export_kind {
	EXPORT_CSV_SAMPLES,
	EXPORT_CSV_CALLS,
	EXPORT_CSV_PARTS,
	EXPORT_CSV_COMPANIONS,
	EXPORT_CSV_LINES,
	EXPORT_JSON,
	EXPORT_CHROME,
	EXPORT_SPEEDSCOPE,
	EXPORT_FOLDED_TIME,
	EXPORT_FOLDED_MEMORY,
	EXPORT_STACKS_TIME,
	EXPORT_STACKS_MEMORY,
	EXPORT_FOLDED_GROWTH,
	EXPORT_KINDS
};

/*
 * Writes all of it to @out, at most about @most_bytes (0: however much it is). Fails also when @out cannot be
 * written: the message ends with the reason.
 */
struct error *export_write(const struct export_source *source, enum export_kind kind,
			   uint64_t most_bytes, FILE *out, struct export_reduction *ret) MUST_CHECK;

#endif
