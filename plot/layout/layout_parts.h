/*
 * The parts of a layout that have a file of their own (plot layer, private to plot_layout).
 */
#ifndef PLOT_LAYOUT_LAYOUT_PARTS_H
#define PLOT_LAYOUT_LAYOUT_PARTS_H

#include "plot/layout/plot_layout.h"

static const double LAYOUT_MARGIN = 16;

/* The width that @text takes at most, in the page's font. */
double layout_text_px(const struct plot_layout *layout, const char *text, double size_px);

/* name + detail, the name's middle cut out so that both take at most @width_px. Owned. */
char *layout_shorten(const struct plot_layout *layout, const char *name, const char *detail,
		     double width_px, double size_px);

/* Whether the legend is better placed below the axes, in columns. */
bool legend_is_below(const struct plot_layout *layout, const struct plot_model *model);

/* The height that a legend below takes of a page of its choice. */
double legend_height_below(const struct plot_layout *layout, const struct plot_model *model);

/*
 * Beside: needs top and bottom, sets the legend's frame; the axes end left of it. Below: fills at
 * most @room from the page's margin upwards.
 */
struct error *legend_place_beside(struct plot_layout *layout,
				  const struct plot_model *model) MUST_CHECK;
struct error *legend_place_below(struct plot_layout *layout, const struct plot_model *model,
				 double room) MUST_CHECK;

/* Needs the frame. */
struct error *brackets_place(struct plot_layout *layout, const struct plot_model *model) MUST_CHECK;

#endif
