/*
 * Lines, shapes and text in the units of a plot_layout (plot layer, private to plplot_renderer).
 */
#ifndef PLOT_PLPLOT_PLPLOT_DRAW_H
#define PLOT_PLPLOT_PLPLOT_DRAW_H

#include <stdbool.h>

#include "plot/layout/layout_geometry.h"
#include "plot/model/palette.h"

struct page {
	const struct plot_model *model;
	const struct plot_layout *layout;
	double scale; /* dots of the device in a unit */
};

/* Wider than PLplot's own palette indices; the last one is for tints. */
enum { DRAW_COLORS = 32, DRAW_TINT = DRAW_COLORS - 1 };

void draw_set_colors(bool is_dark);

/* The pen of lines and fills; @width in units. */
void draw_pen(const struct page *page, int color, double width);

/* A paler @color for fills; not translucent, so that neighbours may overlap. @strength: 0 to 1. */
void draw_tint(const struct page *page, int color, double strength);

/* Dashes of the pen, until the next draw_dash: those of palette_dash, 0 for none, and two of our own. */
enum draw_dash { DASH_NONE, DASH_PEAK = PALETTE_DASHES, DASH_SHORT_PEAK, DASH_TREND };
void draw_dash(const struct page *page, enum draw_dash dash);

void draw_line(double x1, double y1, double x2, double y2);
void draw_box(double left, double bottom, double right, double top);
/* Its left, right and lower edges on pixels, so that neighbours meet without a seam. */
void draw_filled_box(double left, double bottom, double right, double top);

/* The middle of the pixel: a level or upright line between two would be blurred over both. */
double draw_snap(double position);

/* @justify: 0 begins at @x, 0.5 is centred on it, 1 ends there. @y is the middle of the line. */
void draw_text(const struct page *page, int color, double x, double y, double size_px,
	       double justify, const char *text);
void draw_upright_text(const struct page *page, double x, double y, double size_px,
		       const char *text);

#endif
