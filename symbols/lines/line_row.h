/*
 * The lines of functions: where in its code each begins, as line tables tell it (symbols layer).
 *
 * Which rows of a line table begin a line is decided here, for all who ask:
 * - A row that its compiler calls the beginning of a statement (is_stmt). Where no row of a function is called
 *   one, as some compilers have it, each of its rows begins a line; and so it is with a line of the function's own
 *   text that has no such row, as optimised code has many; the row behind it ends it, whatever it is.
 * - Rows at one address are all given, in the compiler's order, each line once: all of these lines are reached
 *   there, and the code from there on is the last one's (ROW_HAS_CODE), which is where gdb says that a thread
 *   stands. So none is lost where the file changes at an address, nor where a row that is no statement follows.
 * - Line 0 begins nothing: what it stands for belongs to the line that ran before.
 * - Rows of all code of a function are given, that of its cold part too, and of what was inlined into it,
 *   whatever file that is from.
 * A line may have many rows. Whether reaching another one of them is a new execution is not decided here.
 */
#ifndef SYMBOLS_LINES_LINE_ROW_H
#define SYMBOLS_LINES_LINE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/taddr.h"

/* Bits of line_row.flags. */
enum {
	ROW_HAS_CODE = 1,     /* the last one at its address */
	ROW_IS_ENTRY = 2,     /* at the function's first instruction */
	ROW_PROLOGUE_END = 4, /* its compiler says that arguments can be looked at from here on */
	ROW_IS_INLINED = 8,   /* of a function that was inlined here */
};

/* No pointers within this and the next, so that they can be sent from one process to another. */
struct line_row {
	taddr_t address; /* as in the file */
	uint32_t line;	 /* from 1 */
	uint32_t source; /* where its path begins in the texts; one path has one place */
	uint32_t flags;
	uint32_t unused; /* 0 */
};

/* One function's. */
struct function_lines {
	uint64_t first_row,
		row_count; /* by address. None: the line table does not say, or there is none */
	/* Its own text: from its name to the last line of it that has code. 0: it has no rows. */
	uint32_t first_line, last_line;
	uint32_t source;       /* where that is, as in a row */
	uint32_t is_optimised; /* 0 or 1: its lines may be merged, moved, or run in another order */
	uint64_t first_line_text,
		line_text_count; /* of its lines; none: the file does not hold them */
};

/* The text of a line, where the debugging information holds that itself (clang -gembed-source). */
struct line_text {
	uint32_t source, line; /* as in a row */
	uint32_t text;	       /* where it begins in the texts; tabs are spaces there */
	uint32_t unused;       /* 0 */
};

/* Zeroed it is empty. */
struct line_rows_found {
	struct function_lines *functions; /* one for each that was asked for */
	size_t function_count;
	struct line_row *rows;
	size_t row_count, row_capacity;
	struct line_text *lines;
	size_t line_count, line_capacity;
	char *text; /* lines, and paths, each with its '\0', as compilers were given them, with their directories */
	size_t text_bytes;
};

#endif
