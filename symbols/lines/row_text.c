/* A function's own text; see row_text.h. Symbols layer. */
#include "symbols/lines/row_text.h"

#include <stdbool.h>
#include <string.h>

/*
 * A function without a row at its end leaves one to that which follows it: one that stands where there is no
 * code of its own. At its entry a function has its own first line, and what comes then.
 */
static void drop_foreign(const struct row_text *text, struct line_rows_found *found,
			 struct function_lines *function)
{
	struct line_row *rows = found->rows + function->first_row;
	uint32_t first_line = UINT32_MAX;
	size_t dropped = 0;

	for (size_t i = 0; i < function->row_count && (rows[i].flags & ROW_IS_ENTRY) != 0; i++) {
		if (rows[i].source == text->source && rows[i].line >= text->first_line &&
		    rows[i].line < first_line) {
			first_line = rows[i].line;
			dropped = i;
		}
	}
	function->row_count -= dropped;
	memmove(rows, rows + dropped, function->row_count * sizeof(*rows));
	found->row_count -= dropped;
}

/* The last line of its own file, behind the function's text, that is known to be another one's. */
static unsigned last_of_others(const struct row_text *text, const struct line_row *rows,
			       const struct function_lines *function)
{
	unsigned last = 0;

	for (size_t i = 0; i < function->row_count; i++) {
		if (rows[i].source == function->source && (rows[i].flags & ROW_IS_INLINED) != 0 &&
		    rows[i].line >= text->end_line && rows[i].line > last)
			last = rows[i].line;
	}
	return last;
}

/*
 * Whether the row is one of the function's own text. The ranges of what was inlined do not tell alone: optimised code
 * has rows of it outside, and rows of the function inside.
 */
static bool is_own(const struct row_text *text, uint32_t source, const struct line_row *row,
		   unsigned last_other)
{
	const bool is_outside = (row->flags & ROW_IS_INLINED) == 0;

	if (row->source != source)
		return false;
	if (text->first_line == 0)
		return is_outside;
	return row->line >= text->first_line &&
	       (row->line < text->end_line || (is_outside && row->line > last_other));
}

/* From where to where the text reaches. */
static void set_extent(const struct row_text *text, struct line_row *rows,
		       struct function_lines *function)
{
	const unsigned last_other = last_of_others(text, rows, function);

	for (size_t i = 0; i < function->row_count; i++) {
		if (!is_own(text, function->source, &rows[i], last_other)) {
			rows[i].flags |= rows[i].source == function->source ? ROW_IS_INLINED : 0;
			continue;
		}
		rows[i].flags &= ~(uint32_t)ROW_IS_INLINED;
		if (function->first_line == 0 || rows[i].line < function->first_line)
			function->first_line = rows[i].line;
		if (rows[i].line > function->last_line)
			function->last_line = rows[i].line;
	}
	if (function->first_line == 0) /* all of it is inlined */
		function->first_line = function->last_line = rows[0].line;
}

void row_text_set(const struct row_text *text, struct line_rows_found *found,
		  struct function_lines *function)
{
	struct line_row *rows = found->rows + function->first_row;
	struct row_text undeclared = *text;
	bool is_declared = false;

	for (size_t i = 0; i < function->row_count && text->first_line > 0 && !is_declared; i++)
		is_declared = rows[i].source == text->source;
	if (is_declared) {
		function->source = text->source;
		function->first_line = function->last_line = text->first_line;
		drop_foreign(text, found, function);
	} else {
		/* One whose own file none of its rows names is one of the file that the first row names. */
		undeclared.first_line = 0;
		function->source = rows[0].source;
	}
	set_extent(is_declared ? text : &undeclared, rows, function);
}
