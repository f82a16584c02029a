/*
 * The lines of a file's functions: where each begins (symbols layer). Addresses are the file's own.
 *
 * symbols/lines/line_row.h says which rows there are, and what they mean.
 */
#ifndef SYMBOLS_CODE_LINE_ROWS_H
#define SYMBOLS_CODE_LINE_ROWS_H

#include "symbols/elf/isolate.h"
#include "symbols/file/symbol_file.h"
#include "symbols/lines/line_row.h"

/* Everything lies in @received; zeroed it is empty. */
struct line_rows {
	const struct function_lines *functions; /* in the order in which they were asked for */
	const struct line_row *rows;		/* of all of them */
	const struct line_text *lines;		/* likewise */
	const char *text;			/* paths, and texts of lines */
	size_t function_count, row_count, line_count;
	struct isolated received;
};

/*
 * The lines of @count functions of @file. Reads DWARF, all at once, in one child: ask for all that are wanted
 * together. A function of which DWARF says nothing has no rows; that there is no DWARF is no error. Fails with
 * ERR_FORMAT or ERR_FAILED where it cannot be read. Release with line_rows_deinit.
 */
struct error *symbol_file_line_rows(const struct symbol_file *file,
				    const struct function *const *functions, size_t count,
				    struct line_rows *ret) MUST_CHECK;
void line_rows_deinit(struct line_rows *rows);

/* The path that a row or a function names, the text that a line has. Valid as long as @rows. */
static inline const char *line_rows_source(const struct line_rows *rows, uint32_t source)
{
	return rows->text + source;
}

#endif
