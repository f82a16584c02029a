/*
 * The lines of functions whose texts the debugging information holds itself (symbols layer; for dwarf_rows.c).
 */
#ifndef SYMBOLS_LINES_EMBEDDED_LINES_H
#define SYMBOLS_LINES_EMBEDDED_LINES_H

#include "symbols/lines/embedded_source.h"
#include "symbols/lines/line_row.h"
#include "symbols/lines/source_paths.h"

/* The texts of the unit that was used last. Zeroed there is none. */
struct embedded_lines {
	const void *unit;
	struct embedded_sources sources;
	struct addr_map of_source; /* where a path is in the texts -> the file's number + 1 */
};

/* Functions of @unit are next. */
struct error *embedded_lines_use(struct embedded_lines *embedded, Dwarf *dwarf, Dwarf_Die *unit,
				 struct source_paths *paths) MUST_CHECK;
void embedded_lines_deinit(struct embedded_lines *embedded);

/* Adds what there is of the lines of @function's own text, and of some that were inlined into it. */
struct error *embedded_lines_add(struct embedded_lines *embedded, struct source_paths *paths,
				 struct line_rows_found *found,
				 struct function_lines *function) MUST_CHECK;

#endif
