/*
 * What stands between the memory axes and the time axis (plot layer, private to plplot_renderer).
 */
#ifndef PLOT_PLPLOT_PLPLOT_LANES_H
#define PLOT_PLPLOT_PLPLOT_LANES_H

#include "plot/plplot/plplot_draw.h"

void draw_strips(const struct page *page);
void draw_lanes(const struct page *page);

#endif
