/* Layers in characters; see term_areas.h. Plot layer. */
#include "plot/term/term_areas.h"

#include <math.h>
#include <stdlib.h>

#include "plot/model/palette.h"
#include "plot/text/text_columns.h"

/* The layer at that point; SIZE_MAX: none is there. */
static size_t area_at(const struct plot_model *model, double x, double y)
{
	double mib;

	return part_stack_find(&model->stack, model->stack_zero_ns + llround(x * model->x.per_unit),
			       y * model->y.per_unit, &mib);
}

const char *term_area_sign(size_t layer)
{
	static const char *const signs[] = { "\xe2\x96\x91", "\xe2\x96\x93", "\xe2\x96\x92" };

	return signs[layer % (sizeof(signs) / sizeof(signs[0]))];
}

/* The point of the band that is nearest to @x. */
static const struct plot_band_point *nearest_point(const struct plot_model *model, double x)
{
	size_t low = 0, high = model->band_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (model->band[middle].x < x)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == model->band_count ||
	    (low > 0 && x - model->band[low - 1].x < model->band[low].x - x))
		low--;
	return &model->band[low];
}

const char *term_band_sign(bool is_half)
{
	return is_half ? "\xe2\x96\x92" : "\xe2\x96\x91";
}

const char *term_shade_at(const struct plot_model *model, double x, double y, int *ret_color)
{
	const size_t layer = area_at(model, x, y);

	if (layer != SIZE_MAX) {
		*ret_color = palette_layer(layer);
		return term_area_sign(layer);
	}
	if (model->band_count == 0 || x < model->band[0].x ||
	    x > model->band[model->band_count - 1].x)
		return NULL;
	const struct plot_band_point *point = nearest_point(model, x);
	*ret_color = COLOR_MAIN;
	if (y < point->low || y > point->high)
		return NULL;
	return term_band_sign(y >= point->lower && y <= point->upper);
}

static void put_bars(FILE *out, const struct beside *beside, size_t width)
{
	enum { EIGHTHS = 8 };

	for (size_t i = 0; i < width; i++) {
		const size_t first = i * BESIDE_CELLS / width, end = (i + 1) * BESIDE_CELLS / width;
		double most = 0;
		for (size_t k = first; k < end; k++)
			most = fmax(most, beside->cells[k]);
		const unsigned eighths =
			beside->most > 0 ? (unsigned)lround(most / beside->most * EIGHTHS) : 0;
		if (eighths == 0)
			fputc(most > 0 ? '_' : ' ', out);
		else /* U+2581 and so on, in UTF-8 */
			fprintf(out, "\xe2\x96%c", (int)(0x80 + eighths));
	}
}

void term_beside_put(FILE *out, const struct plot_model *model, const struct term_page *page,
		     size_t left, size_t width, size_t rows)
{
	for (size_t i = 0; i < model->beside_count && 2 * (i + 1) <= rows; i++) {
		const struct beside *beside = &model->beside[i];
		char name[BESIDE_TEXT_BYTES], figures[BESIDE_TEXT_BYTES];
		char text[2 * BESIDE_TEXT_BYTES];
		fprintf(out, "%*s", (int)left, "");
		term_put_color(out, page, palette_cycle(beside->kind));
		put_bars(out, beside, width);
		term_put_color(out, page, TERM_NO_COLOR);
		beside_format_name(beside, name);
		beside_format_figures(beside, figures);
		snprintf(text, sizeof(text), "%s%s", name, figures);
		char *fit = text_fit_columns(text, width);
		fprintf(out, "\n%*s%s\n", (int)left, "", fit != NULL ? fit : "");
		free(fit);
	}
}
