/* Layers below the curve with PLplot; see plplot_areas.h. Plot layer. */
#include "plot/plplot/plplot_areas.h"

#include <stdlib.h>

#include <plplot/plplot.h>

/* Pale, so that curves, brackets and the grid's words stand out; the edges are a little stronger. */
static const double FILL = 0.45, EDGE = 0.85, EDGE_WIDTH = 0.8;

/* Between the edges of a band, and between its quartiles. */
static const double BAND_WHOLE = 0.16, BAND_HALF = 0.38;

/* One layer: along its top, and back along the top of the one below it. */
static void draw_layer(const struct page *page, const struct part_stack *stack, size_t layer,
		       const double *below, const double *above, const double *x)
{
	const size_t count = stack->count;
	double *all_x = calloc(2 * count, sizeof(*all_x)),
	       *all_y = calloc(2 * count, sizeof(*all_y));

	if (all_x == NULL || all_y == NULL)
		abort(); /* contained: the parent reports it */
	for (size_t i = 0; i < count; i++) {
		all_x[i] = all_x[2 * count - 1 - i] = x[i];
		all_y[i] = above[i];
		all_y[2 * count - 1 - i] = below[i];
	}
	draw_tint(page, palette_layer(layer), FILL);
	plfill((int)(2 * count), all_x, all_y);
	draw_tint(page, palette_layer(layer), EDGE);
	plwidth(EDGE_WIDTH * page->scale);
	plline((int)count, all_x, all_y);
	free(all_x);
	free(all_y);
}

void draw_areas(const struct page *page)
{
	const struct plot_model *model = page->model;
	const struct part_stack *stack = &model->stack;
	const size_t count = stack->count;

	if (count < 2)
		return;
	double *x = calloc(count, sizeof(*x)), *sum_mib = calloc(count, sizeof(*sum_mib));
	double *below = calloc(count, sizeof(*below)), *above = calloc(count, sizeof(*above));
	if (x == NULL || sum_mib == NULL || below == NULL || above == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		const double since_ns = (double)(stack->time_ns[i] - model->stack_zero_ns);
		x[i] = plot_layout_x(page->layout, model, since_ns / model->x.per_unit);
		above[i] = plot_layout_y(page->layout, model, 0);
	}
	for (size_t layer = 0; layer < stack->layer_count; layer++) {
		double *swap = below;
		below = above;
		above = swap;
		for (size_t i = 0; i < count; i++) {
			sum_mib[i] += stack->layers[layer].mib[i];
			above[i] =
				plot_layout_y(page->layout, model, sum_mib[i] / model->y.per_unit);
		}
		draw_layer(page, stack, layer, below, above, x);
	}
	free(x);
	free(sum_mib);
	free(below);
	free(above);
}

/* Between two edges of the band. */
static void fill_band(const struct page *page, const double *x, const double *below,
		      const double *above, size_t count, double strength)
{
	double *all_x = calloc(2 * count, sizeof(*all_x)),
	       *all_y = calloc(2 * count, sizeof(*all_y));

	if (all_x == NULL || all_y == NULL)
		abort(); /* contained: the parent reports it */
	for (size_t i = 0; i < count; i++) {
		all_x[i] = all_x[2 * count - 1 - i] = x[i];
		all_y[i] = above[i];
		all_y[2 * count - 1 - i] = below[i];
	}
	draw_tint(page, COLOR_MAIN, strength);
	plfill((int)(2 * count), all_x, all_y);
	free(all_x);
	free(all_y);
}

void draw_band(const struct page *page)
{
	const struct plot_model *model = page->model;
	const size_t count = model->band_count;
	enum { X, LOW, LOWER, UPPER, HIGH, ROWS };

	if (count < 2)
		return;
	double *rows = calloc(ROWS * count, sizeof(*rows));
	if (rows == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		const struct plot_band_point *point = &model->band[i];
		rows[X * count + i] = plot_layout_x(page->layout, model, point->x);
		rows[LOW * count + i] = plot_layout_y(page->layout, model, point->low);
		rows[LOWER * count + i] = plot_layout_y(page->layout, model, point->lower);
		rows[UPPER * count + i] = plot_layout_y(page->layout, model, point->upper);
		rows[HIGH * count + i] = plot_layout_y(page->layout, model, point->high);
	}
	fill_band(page, rows, rows + LOW * count, rows + HIGH * count, count, BAND_WHOLE);
	fill_band(page, rows, rows + LOWER * count, rows + UPPER * count, count, BAND_HALF);
	free(rows);
}

void draw_band_key(const struct page *page, bool is_half, double left, double bottom, double right,
		   double top)
{
	draw_tint(page, COLOR_MAIN, is_half ? BAND_HALF : BAND_WHOLE);
	draw_filled_box(left, bottom, right, top);
}

void draw_area_key(const struct page *page, int color, double left, double bottom, double right,
		   double top)
{
	draw_tint(page, color, FILL);
	draw_filled_box(left, bottom, right, top);
	draw_tint(page, color, EDGE);
	plwidth(EDGE_WIDTH * page->scale);
	draw_box(left, bottom, right, top);
}
