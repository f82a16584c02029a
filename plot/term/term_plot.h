/*
 * Draws a plot_model with characters, for a terminal (plot layer). Knows no PLplot.
 *
 * Curves are dots of Braille patterns, two by four a character, or a picture where the terminal can
 * show one; axes, labels and legend are text.
 */
#ifndef PLOT_TERM_TERM_PLOT_H
#define PLOT_TERM_TERM_PLOT_H

#include <stdio.h>

#include "plot/model/plot_model.h"
#include "plot/term/term_page.h"

enum { TERM_LEAST_COLUMNS = 40, TERM_LEAST_ROWS = 12 };

/* How much of the page the curves have, in characters: a picture's size. */
void term_plot_area(const struct plot_model *model, const struct term_page *page,
		    size_t *ret_columns, size_t *ret_rows);

/*
 * Makes the memory axis a little longer, so that its ticks are rows apart that are all the same number. An
 * axis that a user has chosen stays.
 */
void term_plot_even_axis(struct plot_model *model, const struct term_page *page);

/* What @out has met is for its owner to look at. */
struct error *term_plot_write(FILE *out, const struct plot_model *model,
			      const struct term_page *page) MUST_CHECK;

#endif
