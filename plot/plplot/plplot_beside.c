/* What is beside memory with PLplot; see plplot_beside.h. Plot layer. */
#include "plot/plplot/plplot_beside.h"

#include <math.h>
#include <stdio.h>

static const double FILL = 0.55, LIMIT_WIDTH = 1.2;

static double cell_left(const struct plot_layout *at, size_t cell)
{
	return floor(at->left + (double)cell * (at->right - at->left) / BESIDE_CELLS);
}

static void draw_pane(const struct page *page, const struct beside *beside, size_t index)
{
	const struct plot_layout *at = page->layout;
	const double top = floor(plot_layout_beside_top(at, index)) - BESIDE_TEXT_PX;
	const double bottom = top - BESIDE_BARS_PX;
	char name[BESIDE_TEXT_BYTES], figures[BESIDE_TEXT_BYTES], text[2 * BESIDE_TEXT_BYTES];

	draw_tint(page, palette_cycle(beside->kind), FILL);
	for (size_t i = 0; i < BESIDE_CELLS && beside->most > 0; i++) {
		const double height = beside->cells[i] / beside->most * BESIDE_BARS_PX;
		if (height > 0)
			draw_filled_box(cell_left(at, i), bottom, cell_left(at, i + 1),
					bottom + height);
	}
	draw_pen(page, COLOR_SPINE, 0.8);
	draw_line(at->left, draw_snap(bottom), at->right, draw_snap(bottom));
	beside_format_name(beside, name);
	beside_format_figures(beside, figures);
	snprintf(text, sizeof(text), "%s%s", name, figures);
	draw_text(page, COLOR_TEXT, at->left + 2, top + BESIDE_TEXT_PX / 2.0 + 1, LANE_PX, 0, text);
}

void draw_beside(const struct page *page)
{
	for (size_t i = 0; i < page->layout->beside_count; i++)
		draw_pane(page, &page->model->beside[i], i);
}

void draw_limits(const struct page *page)
{
	const struct plot_layout *at = page->layout;

	for (size_t i = 0; i < page->model->limit_count; i++) {
		const struct plot_limit *limit = &page->model->limits[i];
		if (!axis_has(&page->model->y, limit->y))
			continue;
		const double y = draw_snap(plot_layout_y(at, page->model, limit->y));
		draw_pen(page, COLOR_TEXT, LIMIT_WIDTH);
		draw_dash(page, (enum draw_dash)limit->dash);
		draw_line(at->left, y, at->right, y);
		draw_dash(page, DASH_NONE);
	}
}
