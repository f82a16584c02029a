/*
 * What was recorded beside memory, in thin panes below the curve, and limits of it, as lines (plot layer, private to
 * plplot_renderer).
 */
#ifndef PLOT_PLPLOT_PLPLOT_BESIDE_H
#define PLOT_PLPLOT_PLPLOT_BESIDE_H

#include "plot/plplot/plplot_draw.h"

void draw_beside(const struct page *page);

/* Those that are in the memory axis's range. */
void draw_limits(const struct page *page);

#endif
