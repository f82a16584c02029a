/*
 * The parts of a plot in characters (plot layer, private to term_plot).
 */
#ifndef PLOT_TERM_TERM_PARTS_H
#define PLOT_TERM_TERM_PARTS_H

#include "plot/model/palette.h"
#include "plot/term/term_plot.h"
#include "plot/text/text.h"

enum { TERM_NO_COLOR = -1 };

/* The colour of what follows; nothing on a page without colours. */
void term_put_color(FILE *out, const struct term_page *page, int color);

/* The width of text in a terminal: what the page's font sets wide takes two columns. */
size_t term_text_columns(const char *text);

/* Cuts the middle out of @text until it fits. Owned; NULL without memory. */
char *term_fit_columns(const char *text, size_t columns);

/* The calls of each thread as bars, under its name. */
struct term_lanes {
	FILE *out;
	const struct plot_model *model;
	const struct term_page *page;
	size_t left, width; /* columns before the curves' part, and of it */
};

/* How many lines the model's lanes take. */
size_t term_lanes_rows(const struct plot_model *model);
void term_lanes_put(const struct term_lanes *lanes);

#endif
