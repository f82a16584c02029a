/* Density strips and lanes with PLplot; see plplot_lanes.h. Plot layer. */
#include "plot/plplot/plplot_lanes.h"

#include <math.h>
#include <stdlib.h>

#include "plot/text/text.h"
#include "plot/model/palette.h"

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
		draw_text(page, COLOR_TEXT, at->left + 2, bars_top + STRIP_TEXT_PX / 2.0 + 1,
			  LANE_PX, 0, at->strip_texts[i]);
	}
}

/* Perceived brightness, 0 to 1, about as WCAG 2 has it: squares stand for its curve. */
static double brightness(struct rgba color)
{
	double red = color.red / 255.0, green = color.green / 255.0, blue = color.blue / 255.0;

	return 0.2126 * red * red + 0.7152 * green * green + 0.0722 * blue * blue;
}

/* Of the words' colour and the paper's the one that stands out more from a bar. */
static int color_on(const struct page *page, int color, double strength)
{
	bool is_dark = page->layout->page.is_dark;
	double text = brightness(palette_rgba(COLOR_TEXT, is_dark));
	double paper = brightness(palette_rgba(COLOR_PAPER, is_dark));
	double bar = brightness(palette_rgba((size_t)color, is_dark)) * strength +
		     paper * (1 - strength);
	double text_contrast = (fmax(text, bar) + 0.05) / (fmin(text, bar) + 0.05);
	double paper_contrast = (fmax(paper, bar) + 0.05) / (fmin(paper, bar) + 0.05);

	return text_contrast >= paper_contrast ? COLOR_TEXT : COLOR_PAPER;
}

/* How much of its colour a bar has. */
static double shade_of(const struct plot_bar *bar)
{
	return LEAST_SHADE + (1 - LEAST_SHADE) * bar->strength;
}

/* As much of its name as the bar has room for, if that is worth reading. */
static void draw_bar_name(const struct page *page, const struct plot_bar *bar, double left,
			  double right, double middle)
{
	static const double padding = 3, least_em = 3.2;
	double room_em = (right - left - 2 * padding) / (LANE_PX * 1.06);

	if (bar->name[0] == '\0' || page->layout->lane_row_px < LANE_PX + 2 ||
	    (room_em < least_em && text_width_em(bar->name) > room_em))
		return;
	char *name = text_shorten_name(bar->name, room_em);
	if (name != NULL)
		draw_text(page, color_on(page, bar->color, shade_of(bar)), left + padding, middle,
			  LANE_PX, 0, name);
	free(name);
}

static void draw_bar(const struct page *page, const struct plot_bar *bar, double lanes_top)
{
	const struct plot_layout *at = page->layout;
	double left = plot_layout_x(at, page->model, bar->x1);
	double right = fmax(plot_layout_x(at, page->model, bar->x2), left + 0.75);
	double bottom = lanes_top - at->lane_row_px;

	draw_tint(page, bar->color, shade_of(bar));
	/* A hair of paper between neighbours tells two calls of one function apart. */
	if (right - left > 3)
		right -= 1;
	draw_filled_box(left, bottom, right, bottom + at->lane_row_px - 1);
	draw_bar_name(page, bar, left, right, bottom + at->lane_row_px / 2);
}

void draw_lanes(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	size_t bar = 0;

	for (size_t i = 0; i < at->lane_count; i++) {
		const struct plot_lane *lane = &page->model->lanes[i];
		double top = plot_layout_lane_top(at, page->model, i);
		double bottom = top - (double)lane->row_count * at->lane_row_px;
		draw_pen(page, lane->color, 1);
		draw_filled_box(at->left - 5, bottom, at->left - 2, top - 1);
		draw_text(page, COLOR_TEXT, at->left - LANE_LABEL_GAP_PX, (top + bottom) / 2,
			  LANE_PX, 1, lane->label);
		for (; bar < page->model->bar_count &&
		       page->model->bars[bar].row < lane->first_row + lane->row_count;
		     bar++) {
			size_t row = page->model->bars[bar].row - lane->first_row;
			draw_bar(page, &page->model->bars[bar],
				 top - (double)row * at->lane_row_px);
		}
	}
}
