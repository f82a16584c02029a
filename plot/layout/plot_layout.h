/*
 * Where everything of a plot_model goes on a page (plot layer). Pure.
 *
 * Units of 1/90 inch (pixels of a usual PNG), y upwards, as PLplot has it. Text is shortened here
 * so that nothing leaves the page.
 *
 *     title
 *     memory's frame            legend, when it is short
 *     density strips, or lanes
 *     the time axis's labels
 *     legend in columns, when it is long
 */
#ifndef PLOT_LAYOUT_PLOT_LAYOUT_H
#define PLOT_LAYOUT_PLOT_LAYOUT_H

#include "plot/model/plot_model.h"
#include "plot/layout/plot_page.h"

/* Text sizes in units: of an em. */
enum { TITLE_PX = 18, LABEL_PX = 16, TICK_PX = 14, LEGEND_PX = 11, LANE_PX = 10 };
enum { BRACKET_FOOT_PX = 8 };

/* Parts of a legend's row, from its left edge. */
enum { LEGEND_KEY_LEFT_PX = 10, LEGEND_KEY_RIGHT_PX = 46, LEGEND_TEXT_LEFT_PX = 58 };

/* Parts of a strip, from its top. */
enum { STRIP_TEXT_PX = 16, STRIP_BARS_PX = 22, STRIP_MOVED_PX = 12, STRIP_GAP_PX = 8 };
enum { STRIP_PX = STRIP_TEXT_PX + STRIP_BARS_PX + STRIP_MOVED_PX + STRIP_GAP_PX };

/* Lanes: of a row of bars, and between two lanes. */
enum { LANE_ROW_PX = 16, LANE_GAP_PX = 7, LANE_LABEL_GAP_PX = 9 };

/* A bracket on the page, set apart from its neighbours. */
struct bracket_place {
	double x, foot_x; /* of its upright, and where its feet end */
	double low, high;
};

struct plot_layout {
	struct plot_page page;		 /* its size is chosen now */
	double left, right, bottom, top; /* the memory axes' frame */
	double time_axis_y;	     /* where the time axis's ticks begin: below strips and lanes */
	double x_label_y, y_label_x; /* middle of the labels' lines */
	double title_y;
	double x_label_share, y_label_share; /* what a tick's label needs of its axis's length */
	char *title, *x_label, *y_label;     /* shortened, owned */

	double legend_left, legend_right, legend_top, legend_bottom; /* its frame */
	double row_height, column_width;
	size_t legend_rows;  /* of one column */
	char **legend_texts; /* legend_count of them, shortened, owned */
	size_t legend_count;

	size_t strip_count; /* as many of the model's as there is room for */
	char **strip_texts; /* strip_count of them, shortened, owned */

	size_t lane_count; /* as many of the model's as there is room for */
	double lane_row_px;

	double bracket_half_px;		/* of their height */
	struct bracket_place *brackets; /* as many as the model's */
};

/* @page is copied; its font is borrowed. */
struct error *plot_layout_init(struct plot_layout *layout, const struct plot_model *model,
			       const struct plot_page *page) MUST_CHECK;
void plot_layout_deinit(struct plot_layout *layout);

double plot_layout_x(const struct plot_layout *layout, const struct plot_model *model, double x);
double plot_layout_y(const struct plot_layout *layout, const struct plot_model *model, double y);

/* The other way round, in nanoseconds since the profile's first time and in MiB. */
double plot_layout_time_ns(const struct plot_layout *layout, const struct plot_model *model,
			   double x);
double plot_layout_memory_mib(const struct plot_layout *layout, const struct plot_model *model,
			      double y);

double plot_layout_row_x(const struct plot_layout *layout, size_t row); /* its left edge */
double plot_layout_row_y(const struct plot_layout *layout, size_t row); /* its middle */
double plot_layout_strip_top(const struct plot_layout *layout, size_t strip);
double plot_layout_lane_top(const struct plot_layout *layout, const struct plot_model *model,
			    size_t lane);

#endif
