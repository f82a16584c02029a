/*
 * Where everything of a plot_model goes on a page (plot layer). Pure.
 *
 * Pixels, y upwards, as PLplot has it. Text is shortened here so that nothing leaves the page.
 */
#ifndef PLOT_PLOT_LAYOUT_H
#define PLOT_PLOT_LAYOUT_H

#include "plot/plot_model.h"

/* Text sizes in pixels: of an em. */
enum { TITLE_PX = 18, LABEL_PX = 16, TICK_PX = 14, LEGEND_PX = 11 };
enum { BRACKET_HALF_HEIGHT_PX = 12, BRACKET_FOOT_PX = 8 };

/* Parts of a legend's row, from its left edge. */
enum { LEGEND_KEY_LEFT_PX = 10, LEGEND_KEY_RIGHT_PX = 46, LEGEND_TEXT_LEFT_PX = 58 };

struct plot_layout {
	double page_width, page_height;
	double left, right, bottom, top; /* the axes' frame */
	double x_label_y, y_label_x;	 /* middle of the labels' lines */
	double title_y;
	char *title; /* shortened, owned */

	double legend_left, legend_right, legend_top, legend_bottom; /* its frame */
	double row_height;
	char **legend_texts; /* legend_count of them, shortened, owned */
	size_t legend_count;
};

struct error *plot_layout_init(struct plot_layout *layout,
			       const struct plot_model *model) MUST_CHECK;
void plot_layout_deinit(struct plot_layout *layout);

double plot_layout_x(const struct plot_layout *layout, const struct plot_model *model, double x);
double plot_layout_y(const struct plot_layout *layout, const struct plot_model *model, double y);
double plot_layout_row_y(const struct plot_layout *layout, size_t row); /* its middle */

#endif
