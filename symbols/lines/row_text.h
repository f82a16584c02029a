/*
 * Which of a function's rows are of its own text, and where that ends (symbols layer; for dwarf_rows.c).
 */
#ifndef SYMBOLS_LINES_ROW_TEXT_H
#define SYMBOLS_LINES_ROW_TEXT_H

#include "symbols/lines/line_row.h"

/* What is known of the text beforehand. */
struct row_text {
	unsigned first_line; /* where the function is declared; 0: not known */
	uint32_t source;     /* likewise */
	unsigned end_line;   /* the next text of its file that is known to be another function's */
};

/*
 * Sets source, first_line and last_line of @function, which is not empty, and is the last one of @found; the flag
 * ROW_IS_INLINED of its rows, which says what their addresses say; and drops rows that are the function's before it.
 */
void row_text_set(const struct row_text *text, struct line_rows_found *found,
		  struct function_lines *function);

#endif
