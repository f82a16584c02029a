/*
 * Places a plot_model on a page (plot layer). Pure.
 *
 * Text is shortened here so that nothing leaves the page.
 */
#ifndef PLOT_LAYOUT_PLOT_LAYOUT_H
#define PLOT_LAYOUT_PLOT_LAYOUT_H

#include "plot/layout/layout_geometry.h"

/* @page is copied; its font is borrowed. */
struct error *plot_layout_init(struct plot_layout *layout, const struct plot_model *model,
			       const struct plot_page *page) MUST_CHECK;
void plot_layout_deinit(struct plot_layout *layout);

#endif
