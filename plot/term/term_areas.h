/*
 * What memory is made of, and what is beside it, in characters below the curve (plot layer, private to term_plot).
 */
#ifndef PLOT_TERM_TERM_AREAS_H
#define PLOT_TERM_TERM_AREAS_H

#include "plot/model/plot_model.h"
#include "plot/term/term_page.h"

/* The layer at that point, in the axes' units; SIZE_MAX: none is there. */
size_t term_area_at(const struct plot_model *model, double x, double y);

/* A shade, so that neighbours differ without colours, too. */
const char *term_area_sign(size_t layer);

/*
 * What was recorded beside memory, two lines each: bars of eighths of a block, @width columns behind @left, and what they
 * are.
 */
void term_beside_put(FILE *out, const struct plot_model *model, const struct term_page *page,
		     size_t left, size_t width, size_t rows);

#endif
