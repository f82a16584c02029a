/*
 * What memory is made of, in characters below the curve (plot layer, private to term_plot).
 */
#ifndef PLOT_TERM_TERM_AREAS_H
#define PLOT_TERM_TERM_AREAS_H

#include "plot/model/plot_model.h"

/* The layer at that point, in the axes' units; SIZE_MAX: none is there. */
size_t term_area_at(const struct plot_model *model, double x, double y);

/* A shade, so that neighbours differ without colours, too. */
const char *term_area_sign(size_t layer);

#endif
