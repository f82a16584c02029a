/* Points and words on a page; see layout_geometry.h. Plot layer. */
#include "plot/layout/layout_geometry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/text/text.h"

double plot_layout_x(const struct plot_layout *layout, const struct plot_model *model, double x)
{
	const struct axis *axis = &model->x;

	return layout->left +
	       (x - axis->min) / (axis->max - axis->min) * (layout->right - layout->left);
}

double plot_layout_y(const struct plot_layout *layout, const struct plot_model *model, double y)
{
	const struct axis *axis = &model->y;

	return layout->bottom +
	       (y - axis->min) / (axis->max - axis->min) * (layout->top - layout->bottom);
}

double plot_layout_time_ns(const struct plot_layout *layout, const struct plot_model *model,
			   double x)
{
	const struct axis *axis = &model->x;

	return (axis->min +
		(x - layout->left) / (layout->right - layout->left) * (axis->max - axis->min)) *
	       axis->per_unit;
}

double plot_layout_memory_mib(const struct plot_layout *layout, const struct plot_model *model,
			      double y)
{
	const struct axis *axis = &model->y;

	return (axis->min +
		(y - layout->bottom) / (layout->top - layout->bottom) * (axis->max - axis->min)) *
	       axis->per_unit;
}

double plot_layout_row_x(const struct plot_layout *layout, size_t row)
{
	size_t column = row / layout->legend_rows;

	return layout->legend_left + (double)column * layout->column_width;
}

double plot_layout_row_y(const struct plot_layout *layout, size_t row)
{
	return layout->legend_top - LEGEND_PADDING_PX -
	       ((double)(row % layout->legend_rows) + 0.5) * layout->row_height;
}

/* Below the panes of what is beside memory, where there are any. */
static double panes_top(const struct plot_layout *layout)
{
	return layout->bottom - PANES_GAP_PX - (double)layout->beside_count * BESIDE_PX;
}

double plot_layout_beside_top(const struct plot_layout *layout, size_t index)
{
	return layout->bottom - PANES_GAP_PX - (double)index * BESIDE_PX;
}

double plot_layout_strip_top(const struct plot_layout *layout, size_t strip)
{
	return panes_top(layout) - (double)strip * STRIP_PX;
}

double plot_layout_lane_top(const struct plot_layout *layout, const struct plot_model *model,
			    size_t lane)
{
	return floor(panes_top(layout) -
		     (double)model->lanes[lane].first_row * layout->lane_row_px -
		     (double)lane * LANE_GAP_PX);
}

/* Widths are measured in DejaVu Sans; another font may be wider. */
static double font_safety(const struct plot_layout *layout)
{
	return layout->page.font != NULL ? 1.25 : 1.06;
}

double layout_clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

double layout_text_px(const struct plot_layout *layout, const char *text, double size_px)
{
	return text_width_em(text) * size_px * font_safety(layout);
}

double layout_width_em(const struct plot_layout *layout, double width_px, double size_px)
{
	return width_px / (size_px * font_safety(layout));
}

char *layout_shorten(const struct plot_layout *layout, const char *name,
		     const struct text_brief *brief, const char *detail, double width_px,
		     double size_px)
{
	double left_px = width_px - layout_text_px(layout, detail, size_px);
	/* On a narrow page the figures go before the last of the name does. */
	bool keeps_detail = left_px > 8 * size_px ||
			    layout_text_px(layout, name, size_px) <= left_px ||
			    (brief != NULL && brief->text != NULL &&
			     layout_text_px(layout, brief->text, size_px) <= left_px);
	char *shorter = text_shorten_brief(
		name, brief, layout_width_em(layout, keeps_detail ? left_px : width_px, size_px));
	/* Left-to-right marks: the figures stand behind a name that runs the other way. */
	const char *mark = text_has_right_to_left(name) ? "\xe2\x80\x8e" : "";
	char *text;

	if (shorter == NULL ||
	    asprintf(&text, "%s%s%s%s", mark, shorter, mark, keeps_detail ? detail : "") < 0)
		text = NULL;
	free(shorter);
	return text;
}
