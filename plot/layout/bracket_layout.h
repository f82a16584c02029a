/*
 * Brackets on the page (plot layer).
 */
#ifndef PLOT_LAYOUT_BRACKET_LAYOUT_H
#define PLOT_LAYOUT_BRACKET_LAYOUT_H

#include "plot/layout/layout_geometry.h"

/* Needs the frame of the memory axes; fills layout->brackets. */
struct error *brackets_place(struct plot_layout *layout, const struct plot_model *model) MUST_CHECK;

#endif
