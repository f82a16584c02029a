/*
 * What memory is made of, as layers below the curve, and what lies between many curves (plot layer, private to plplot_renderer).
 */
#ifndef PLOT_PLPLOT_PLPLOT_AREAS_H
#define PLOT_PLPLOT_PLPLOT_AREAS_H

#include "plot/plplot/plplot_draw.h"

void draw_areas(const struct page *page);

/* How many curves spread, below those that are drawn. */
void draw_band(const struct page *page);
void draw_band_key(const struct page *page, bool is_half, double left, double bottom, double right,
		   double top);

/* A layer's key in the legend. */
void draw_area_key(const struct page *page, int color, double left, double bottom, double right,
		   double top);

#endif
