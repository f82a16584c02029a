/*
 * A page of characters, and colours on it (plot layer).
 */
#ifndef PLOT_TERM_TERM_PAGE_H
#define PLOT_TERM_TERM_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct term_page {
	size_t columns, rows; /* of the terminal; at least TERM_LEAST_COLUMNS and _ROWS are used */
	bool has_color;	      /* 24-bit escape sequences */
	bool is_dark;	      /* which theme's colours */
	bool is_bare; /* curves and axes alone, in just so many rows: no title, lanes, legend */

	/* Shows the curves' part from the cursor on, in place of Braille dots; NULL: none. */
	const char *picture;
	size_t picture_bytes;
};

enum { TERM_NO_COLOR = -1 };

/* The colour, of palette.h, of what follows; nothing on a page without colours. */
void term_put_color(FILE *out, const struct term_page *page, int color);

#endif
