/*
 * Where the lines of probed functions begin in one file (probe layer). No process is touched.
 *
 * Functions that have one name in a profile are one here: what a compiler has split off one (GCC's .part, .cold,
 * .isra), constructors for whole and for base objects. symbols/lines/line_row.h says which rows of a line table
 * count; of those, the ones that no instruction of the function begins at are left out, whatever DWARF says.
 */
#ifndef PROBE_LINES_LINE_PLAN_H
#define PROBE_LINES_LINE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/code/line_rows.h"
#include "symbols/file/symbol_file.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* A line of some source file. */
struct line_place {
	const char *source; /* its path, as the compiler was given it */
	uint32_t line;	    /* from 1 */
};

struct line_function {
	const char *label;  /* as long as the file */
	const char *source; /* where its text is, from @first_line to @last_line */
	uint32_t first_line, last_line;
	bool is_optimised;
	const struct function **functions; /* owned; what it consists of */
	size_t function_count;
	/* Texts of lines that the debugging information holds itself, which begin in @text; as long as the plan. */
	const struct line_text *texts;
	size_t text_count;
	const char *text;
	struct line_place *places; /* its lines, and those of what was inlined into it. Owned */
	size_t place_count;
	/* Where they begin: by address, then in the order in which they are reached. Both owned. */
	taddr_t *addresses; /* as in the file */
	uint32_t *lines;    /* indices of @places */
	size_t point_count;
};

struct line_plan {
	struct line_rows rows; /* has the texts */
	struct line_function *functions;
	size_t count;
	size_t unknown_count; /* functions of which no line is known, … */
	const char *unknown;  /* … and the name of one of them */
};

/* For the @count matches in @file. Zeroed where there are none. */
struct error *line_plan_make(const struct symbol_file *file, const struct symbol_match *matches,
			     size_t count, struct line_plan *ret) MUST_CHECK;
void line_plan_deinit(struct line_plan *plan);

/* The points of @function at @address, of the file: from *@ret_first to *@ret_end, which may be none. */
void line_function_at(const struct line_function *function, taddr_t address, uint32_t *ret_first,
		      uint32_t *ret_end);

/* The last point of @function at or in front of @address; the first one where there is none. */
uint32_t line_function_before(const struct line_function *function, taddr_t address);

#endif
