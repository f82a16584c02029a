/*
 * A page that a plot_model has been laid out on: its parts, and where a point of the model is on it
 * (plot layer). Pure. plot_layout.c fills it, with legend_layout.c and bracket_layout.c.
 *
 * Units of 1/90 inch (pixels of a usual PNG), y upwards, as PLplot has it.
 *
 *     title
 *     memory's frame            legend, when it is short
 *     what was recorded beside memory
 *     density strips, or lanes
 *     the time axis's labels
 *     legend in columns, when it is long
 */
#ifndef PLOT_LAYOUT_LAYOUT_GEOMETRY_H
#define PLOT_LAYOUT_LAYOUT_GEOMETRY_H

#include "plot/layout/plot_page.h"
#include "plot/model/plot_model.h"

/* Around the page. */
static const double LAYOUT_MARGIN = 16;

/* Text sizes in units: of an em. */
enum { TITLE_PX = 18, LABEL_PX = 16, TICK_PX = 14, LEGEND_PX = TICK_PX, LANE_PX = 12 };
enum { BRACKET_FOOT_PX = 8 };
enum { TICK_MARK_PX = 6 }; /* outside the frame */

/* Parts of a legend's row, from its left edge; above the first row and below the last. */
enum { LEGEND_KEY_LEFT_PX = 10, LEGEND_KEY_RIGHT_PX = 46, LEGEND_TEXT_LEFT_PX = 58 };
enum { LEGEND_PADDING_PX = 4 };

/* Between the memory axes and the strips or lanes below them. */
enum { PANES_GAP_PX = 10 };

/* A pane of what was recorded beside memory: its words, and its bars. */
enum { BESIDE_TEXT_PX = 16, BESIDE_BARS_PX = 26, BESIDE_GAP_PX = 8 };
enum { BESIDE_PX = BESIDE_TEXT_PX + BESIDE_BARS_PX + BESIDE_GAP_PX };

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

	size_t beside_count; /* as many of the model's as there is room for */

	size_t strip_count; /* as many of the model's as there is room for */
	char **strip_texts; /* strip_count of them, shortened, owned */

	size_t lane_count; /* as many of the model's as there is room for */
	double lane_row_px;

	double bracket_half_px;		/* of their height */
	struct bracket_place *brackets; /* as many as the model's */
};

double plot_layout_x(const struct plot_layout *layout, const struct plot_model *model, double x);
double plot_layout_y(const struct plot_layout *layout, const struct plot_model *model, double y);

/* The other way round, in nanoseconds since the profile's first time and in MiB. */
double plot_layout_time_ns(const struct plot_layout *layout, const struct plot_model *model,
			   double x);
double plot_layout_memory_mib(const struct plot_layout *layout, const struct plot_model *model,
			      double y);

double plot_layout_row_x(const struct plot_layout *layout, size_t row); /* its left edge */
double plot_layout_row_y(const struct plot_layout *layout, size_t row); /* its middle */
double plot_layout_beside_top(const struct plot_layout *layout, size_t index);
double plot_layout_strip_top(const struct plot_layout *layout, size_t strip);
double plot_layout_lane_top(const struct plot_layout *layout, const struct plot_model *model,
			    size_t lane);

double layout_clamp(double value, double low, double high);

/* The width that @text takes at most, in the page's font; and the ems that fit in a width. */
double layout_text_px(const struct plot_layout *layout, const char *text, double size_px);
double layout_width_em(const struct plot_layout *layout, double width_px, double size_px);

/*
 * name + detail, the name shortened so that both take at most @width_px. @brief: NULL where nothing is known
 * of other names. Owned.
 */
char *layout_shorten(const struct plot_layout *layout, const char *name,
		     const struct text_brief *brief, const char *detail, double width_px,
		     double size_px);

#endif
