/*
 * What memory is made of, as layers below the curve (plot layer, private to plplot_renderer).
 */
#ifndef PLOT_PLPLOT_PLPLOT_AREAS_H
#define PLOT_PLPLOT_PLPLOT_AREAS_H

#include "plot/plplot/plplot_draw.h"

void draw_areas(const struct page *page);

/* A layer's key in the legend. */
void draw_area_key(const struct page *page, int color, double left, double bottom, double right,
		   double top);

#endif
