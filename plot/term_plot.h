/*
 * Draws a plot_model with characters, for a terminal (plot layer). Knows no PLplot.
 *
 * Curves are dots of Braille patterns, two by four a character; axes, labels and legend are text.
 */
#ifndef PLOT_TERM_PLOT_H
#define PLOT_TERM_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "plot/plot_model.h"

struct term_page {
	size_t columns, rows; /* of the terminal; at least TERM_LEAST_COLUMNS and _ROWS are used */
	bool has_color;	      /* 24-bit escape sequences */
	bool is_dark;	      /* which theme's colours */
};

enum { TERM_LEAST_COLUMNS = 40, TERM_LEAST_ROWS = 12 };

/* What @out has met is for its owner to look at. */
struct error *term_plot_write(FILE *out, const struct plot_model *model,
			      const struct term_page *page) MUST_CHECK;

#endif
