/*
 * The legend on the page (plot layer).
 */
#ifndef PLOT_LAYOUT_LEGEND_LAYOUT_H
#define PLOT_LAYOUT_LEGEND_LAYOUT_H

#include "plot/layout/layout_geometry.h"

/* Whether the legend is better placed below the axes, in columns. */
bool legend_is_below(const struct plot_layout *layout, const struct plot_model *model);

/* The height that a legend below takes of a page of its choice. */
double legend_height_below(const struct plot_layout *layout, const struct plot_model *model);

/* Needs top and bottom; sets the legend's frame. The axes end left of it. */
struct error *legend_place_beside(struct plot_layout *layout,
				  const struct plot_model *model) MUST_CHECK;

/* Fills at most @room from the page's margin upwards. */
struct error *legend_place_below(struct plot_layout *layout, const struct plot_model *model,
				 double room) MUST_CHECK;

#endif
