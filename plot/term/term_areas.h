/*
 * What memory is made of, and what is beside it, in characters below the curve (plot layer, private to term_plot).
 */
#ifndef PLOT_TERM_TERM_AREAS_H
#define PLOT_TERM_TERM_AREAS_H

#include "plot/model/plot_model.h"
#include "plot/term/term_page.h"

/* Shades, so that neighbours differ without colours, too: of a layer, of the band or what is between its quartiles. */
const char *term_area_sign(size_t layer);
const char *term_band_sign(bool is_half);

/* What is below the curves at that point, in the axes' units: its shade and colour. NULL: nothing. */
const char *term_shade_at(const struct plot_model *model, double x, double y, int *ret_color);

/*
 * What was recorded beside memory, two lines each: bars of eighths of a block, @width columns behind @left, and what they
 * are.
 */
void term_beside_put(FILE *out, const struct plot_model *model, const struct term_page *page,
		     size_t left, size_t width, size_t rows);

#endif
