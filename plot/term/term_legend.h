/*
 * The legend in characters, in columns where that saves lines (plot layer).
 */
#ifndef PLOT_TERM_TERM_LEGEND_H
#define PLOT_TERM_TERM_LEGEND_H

#include <stdio.h>

#include "plot/model/plot_model.h"
#include "plot/term/term_page.h"

struct term_legend {
	size_t columns, rows; /* of entries */
	size_t width;	      /* of a column, in characters */
	size_t shown; /* entries; less than all: the last one says how many more there are */
};

/* In @width characters and at most @most_rows lines. */
void term_legend_init(struct term_legend *legend, const struct plot_model *model, size_t width,
		      size_t most_rows);
void term_legend_put(FILE *out, const struct term_legend *legend, const struct plot_model *model,
		     const struct term_page *page);

/* A function's form, as on a page: those of one colour differ. */
char term_bracket_sign(int form, bool is_held, bool is_exit);

#endif
