/* Density strips with PLplot; see plplot_lanes.h. Plot layer. */
#include "plot/plplot_lanes.h"

#include <math.h>

static const double LEAST_SHADE = 0.35; /* of a function that only starts and is never busy */

/* The left edge of a cell, on a pixel's edge: translucent neighbours must not overlap. */
static double cell_left(const struct plot_layout *at, size_t cell)
{
	return floor(at->left + (double)cell * (at->right - at->left) / PLOT_STRIP_CELLS);
}

/* How often, and in its shade how long. */
static void draw_bars(const struct page *page, const struct plot_strip *strip, double bottom)
{
	for (size_t i = 0; i < PLOT_STRIP_CELLS && strip->most_calls_per_s > 0; i++) {
		const struct plot_strip_cell *cell = &strip->cells[i];
		double left = cell_left(page->layout, i), right = cell_left(page->layout, i + 1);
		double height = cell->calls_per_s / strip->most_calls_per_s * STRIP_BARS_PX;
		if (height <= 0 && cell->busy <= 0)
			continue;
		draw_tint(page, strip->color, LEAST_SHADE + (1 - LEAST_SHADE) * cell->busy);
		/* Also where calls only go on, or are few, there is something to see. */
		draw_filled_box(left, bottom, right, bottom + fmax(height, 1));
	}
}

/* Memory gained upwards, given back downwards. */
static void draw_moved(const struct page *page, const struct plot_strip *strip, double middle)
{
	double half = STRIP_MOVED_PX / 2.0 - 1;

	draw_pen(page, COLOR_GRID, 1);
	draw_line(page->layout->left, middle, page->layout->right, middle);
	for (size_t i = 0; i < PLOT_STRIP_CELLS && strip->most_moved_mib > 0; i++) {
		double height = strip->cells[i].gained_mib / strip->most_moved_mib * half;
		double left = cell_left(page->layout, i), right = cell_left(page->layout, i + 1);
		if (fabs(height) < 0.2)
			continue;
		draw_pen(page, height > 0 ? COLOR_PEAK : COLOR_MAIN, 1);
		draw_filled_box(left, middle, right, middle + height);
	}
}

void draw_strips(const struct page *page)
{
	const struct plot_layout *at = page->layout;

	for (size_t i = 0; i < at->strip_count; i++) {
		const struct plot_strip *strip = &page->model->strips[i];
		double bars_top = floor(plot_layout_strip_top(at, i)) - STRIP_TEXT_PX;
		double bars_bottom = bars_top - STRIP_BARS_PX;
		draw_bars(page, strip, bars_bottom);
		draw_pen(page, COLOR_SPINE, 0.8);
		draw_line(at->left, draw_snap(bars_bottom), at->right, draw_snap(bars_bottom));
		draw_moved(page, strip, bars_bottom - STRIP_MOVED_PX / 2.0);
		draw_text(COLOR_TEXT, at->left + 2, bars_top + STRIP_TEXT_PX / 2.0 + 1, LANE_PX, 0,
			  at->strip_texts[i]);
	}
}
