/* Places a plot on a page; see plot_layout.h. Plot layer. */
#include "plot/plot_layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text.h"

static const double PAGE_WIDTH = 1260, PAGE_HEIGHT = 560;
static const double MARGIN = 16;
static const double TICK_LENGTH = 6;

/* Another font than the one measured may be a little wider. */
static const double FONT_SAFETY = 1.06;

static double text_width_px(const char *text, double size_px)
{
	return text_width_em(text) * size_px * FONT_SAFETY;
}

/* name + detail, the name shortened to what the detail leaves of @width_px. */
static char *entry_text(const struct plot_legend_entry *entry, double width_px)
{
	double left_px = width_px - text_width_px(entry->detail, LEGEND_PX);
	char *name = text_shorten(entry->name, left_px / (LEGEND_PX * FONT_SAFETY));
	char *text;

	if (name == NULL || asprintf(&text, "%s%s", name, entry->detail) < 0)
		text = NULL;
	free(name);
	return text;
}

static struct error *layout_legend(struct plot_layout *layout, const struct plot_model *model)
{
	static const double usual_row = 20, widest_part = 0.42;
	double most_px = layout->page_width * widest_part - LEGEND_TEXT_LEFT_PX - MARGIN;
	double text_px = 0;

	layout->legend_texts = calloc(model->legend_count + 1, sizeof(*layout->legend_texts));
	if (layout->legend_texts == NULL)
		return error_no_memory();
	for (size_t i = 0; i < model->legend_count; i++) {
		char *text = entry_text(&model->legend[i], most_px);
		if (text == NULL)
			return error_no_memory();
		layout->legend_texts[layout->legend_count++] = text;
		double width_px = text_width_px(text, LEGEND_PX);
		text_px = width_px > text_px ? width_px : text_px;
	}

	double rows = (double)model->legend_count;
	double room = layout->top - MARGIN - 8; /* below the title, which may be long */
	layout->row_height = rows * usual_row > room ? room / rows : usual_row;
	double height = rows * layout->row_height + 8;
	layout->legend_right = layout->page_width - MARGIN + 0.5;
	layout->legend_left = floor(layout->legend_right - LEGEND_TEXT_LEFT_PX - text_px - 8) + 0.5;
	double middle = (layout->top + layout->bottom) / 2;
	layout->legend_top = middle + height / 2;
	if (layout->legend_top - height < MARGIN)
		layout->legend_top = MARGIN + height;
	if (layout->legend_top > layout->top)
		layout->legend_top = layout->top;
	layout->legend_top = floor(layout->legend_top) + 0.5;
	layout->legend_bottom = floor(layout->legend_top - height) + 0.5;
	return NULL;
}

static double widest_tick_label_px(const struct axis *axis)
{
	double widest = 0;

	for (size_t i = 0; i < axis->tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		axis_tick_label(axis, i, label);
		double width = text_width_px(label, TICK_PX);
		widest = width > widest ? width : widest;
	}
	return widest;
}

static struct error *layout_fill(struct plot_layout *layout, const struct plot_model *model)
{
	double tick_px = widest_tick_label_px(&model->y);

	layout->y_label_x = MARGIN + LABEL_PX / 2.0;
	/* The frame runs through the middle of its pixels, so that it is sharp. */
	layout->left = floor(MARGIN + LABEL_PX + 12 + tick_px + TICK_LENGTH + 4) + 0.5;
	layout->bottom = 0.5 + MARGIN + LABEL_PX + 10 + TICK_PX + TICK_LENGTH + 4;
	layout->x_label_y = MARGIN + LABEL_PX / 2.0;
	layout->top = layout->page_height - MARGIN - TITLE_PX - 21.5;
	layout->title_y = layout->top + 10 + TITLE_PX / 2.0;
	struct error *err = layout_legend(layout, model);
	if (err != NULL)
		return err;
	/* The last tick's label is centred under the frame's right edge. */
	layout->right =
		floor(layout->legend_left - MARGIN - widest_tick_label_px(&model->x) / 2) + 0.5;
	double title_px = layout->page_width - MARGIN - layout->left;
	layout->title = text_shorten(model->title, title_px / (TITLE_PX * FONT_SAFETY));
	return layout->title == NULL ? error_no_memory() : NULL;
}

struct error *plot_layout_init(struct plot_layout *layout, const struct plot_model *model)
{
	*layout = (struct plot_layout){ .page_width = PAGE_WIDTH, .page_height = PAGE_HEIGHT };
	struct error *err = layout_fill(layout, model);
	if (err != NULL)
		plot_layout_deinit(layout);
	return err;
}

void plot_layout_deinit(struct plot_layout *layout)
{
	for (size_t i = 0; i < layout->legend_count; i++)
		free(layout->legend_texts[i]);
	free(layout->legend_texts);
	free(layout->title);
	*layout = (struct plot_layout){ 0 };
}

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

double plot_layout_row_y(const struct plot_layout *layout, size_t row)
{
	return layout->legend_top - 4 - ((double)row + 0.5) * layout->row_height;
}
