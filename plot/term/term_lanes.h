/*
 * Lanes in characters: the calls of each thread as bars, under its name (plot layer).
 */
#ifndef PLOT_TERM_TERM_LANES_H
#define PLOT_TERM_TERM_LANES_H

#include "plot/model/plot_model.h"
#include "plot/term/term_page.h"

struct term_lanes {
	FILE *out;
	const struct plot_model *model;
	const struct term_page *page;
	size_t left, width; /* columns before the curves' part, and of it */
	size_t rows;	    /* lines at most */
};

/* How many lines the model's lanes take, of at most @most. */
size_t term_lanes_rows(const struct plot_model *model, size_t most);
void term_lanes_put(const struct term_lanes *lanes);

#endif
