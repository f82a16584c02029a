/* From DWARF to the lines of functions, which line_row.h describes (symbols layer). */
#ifndef SYMBOLS_LINES_DWARF_ROWS_H
#define SYMBOLS_LINES_DWARF_ROWS_H

#include "symbols/lines/line_row.h"
#include "tracer/base/error.h"

struct line_reader;

/* A function, as in the file. */
struct code_place {
	taddr_t start;
	uint64_t size_bytes; /* 0: not known; DWARF may know it */
};

/* The lines of @count functions. Release with line_rows_found_deinit. */
struct error *line_reader_find_rows(struct line_reader *reader, const struct code_place *places,
				    size_t count, struct line_rows_found *ret) MUST_CHECK;
void line_rows_found_deinit(struct line_rows_found *found);

#endif
