/* Places a plot on a page; see plot_layout.h. Plot layer. */
#include "plot/layout/plot_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/layout/bracket_layout.h"
#include "plot/layout/legend_layout.h"
#include "plot/text/text.h"

static const double PAGE_WIDTH = 1260, PAGE_HEIGHT = 560;

static double widest_tick_label_px(const struct plot_layout *layout, const struct axis *axis)
{
	double widest = 0;

	for (size_t i = 0; i < axis->tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		axis_tick_label(axis, i, label);
		widest = fmax(widest, layout_text_px(layout, label, TICK_PX));
	}
	return widest;
}

static double widest_lane_label_px(const struct plot_layout *layout, const struct plot_model *model)
{
	double widest = 0;

	for (size_t i = 0; i < layout->lane_count; i++)
		widest = fmax(widest, layout_text_px(layout, model->lanes[i].label, LANE_PX));
	return widest;
}

/* The legend has looked at all names. */
static const struct text_brief *find_brief(const struct plot_model *model, const char *name)
{
	for (size_t i = 0; i < model->legend_count; i++) {
		if (model->legend[i].brief.text != NULL && strcmp(model->legend[i].name, name) == 0)
			return &model->legend[i].brief;
	}
	return NULL;
}

static struct error *layout_strips(struct plot_layout *layout, const struct plot_model *model)
{
	layout->strip_texts = calloc(model->strip_count + 1, sizeof(*layout->strip_texts));
	if (layout->strip_texts == NULL)
		return error_no_memory();
	for (size_t i = 0; i < layout->strip_count; i++) {
		const struct plot_strip *strip = &model->strips[i];
		layout->strip_texts[i] =
			layout_shorten(layout, strip->name, find_brief(model, strip->name),
				       strip->detail, layout->right - layout->left - 8, LANE_PX);
		if (layout->strip_texts[i] == NULL)
			return error_no_memory();
	}
	return NULL;
}

/* The height of what stands between the memory axes and the time axis. */
static double panes_px(const struct plot_layout *layout, const struct plot_model *model)
{
	const double beside_px = (double)layout->beside_count * BESIDE_PX;

	if (layout->strip_count > 0)
		return PANES_GAP_PX + beside_px + (double)layout->strip_count * STRIP_PX -
		       STRIP_GAP_PX;
	if (layout->lane_count == 0)
		return beside_px > 0 ? PANES_GAP_PX + beside_px - BESIDE_GAP_PX : 0;
	const struct plot_lane *last = &model->lanes[layout->lane_count - 1];
	return PANES_GAP_PX + beside_px +
	       (double)(last->first_row + last->row_count) * layout->lane_row_px +
	       (double)layout->lane_count * LANE_GAP_PX;
}

/* Fewer strips, lower rows, fewer lanes, until they fit. */
static void fit_panes(struct plot_layout *layout, const struct plot_model *model, double room)
{
	static const double least_row = 3;

	while (layout->strip_count > 0 && panes_px(layout, model) > room)
		layout->strip_count--;
	while (layout->lane_row_px > least_row && panes_px(layout, model) > room)
		layout->lane_row_px -= 1;
	while (layout->lane_count > 0 && panes_px(layout, model) > room)
		layout->lane_count--;
	while (layout->beside_count > 0 && panes_px(layout, model) > room)
		layout->beside_count--;
}

/* A page whose size was not chosen grows with what is on it; another shows less. */
static void choose_height(struct plot_layout *layout, const struct plot_model *model,
			  double *legend_px)
{
	static const double words_px = 120; /* title, labels, margins */
	static const double legend_most = 0.4, panes_most = 0.5, lanes_most = 0.65;
	static const double lanes_page = 440; /* lanes leave the curve less */

	layout->beside_count = model->beside_count;
	layout->strip_count = model->strip_count;
	layout->lane_count = model->lane_count;
	layout->lane_row_px = LANE_ROW_PX;
	if (layout->page.height == 0) {
		layout->page.height = (model->lane_count > 0 ? lanes_page : PAGE_HEIGHT) +
				      *legend_px + panes_px(layout, model);
		return;
	}
	double room = fmax(layout->page.height - words_px, 0);
	*legend_px = fmin(*legend_px, room * legend_most);
	room = (room - *legend_px) * (model->lane_count > 0 ? lanes_most : panes_most);
	fit_panes(layout, model, room);
}

/* Where the whole label has no room, its @shorter form; cut as well if need be. */
static char *fit_label(const struct plot_layout *layout, const char *label, const char *shorter,
		       double room_px)
{
	bool fits = layout_text_px(layout, label, LABEL_PX) <= room_px;

	return text_shorten(fits ? label : shorter, layout_width_em(layout, room_px, LABEL_PX));
}

/* All words but the legend's and the strips'. */
static struct error *layout_words(struct plot_layout *layout, const struct plot_model *model)
{
	double title_px = layout->page.width - LAYOUT_MARGIN - layout->left;
	double middle = (layout->left + layout->right) / 2;
	double beside = fmin(middle, layout->page.width - middle) - LAYOUT_MARGIN;

	layout->title = text_shorten(model->title, layout_width_em(layout, title_px, TITLE_PX));
	layout->x_label = fit_label(layout, model->x_label, model->x_label_short, 2 * beside);
	layout->y_label = fit_label(layout, model->y_label, model->y_label_short,
				    layout->top - layout->bottom);
	if (layout->title == NULL || layout->x_label == NULL || layout->y_label == NULL)
		return error_no_memory();
	return NULL;
}

static struct error *layout_fill(struct plot_layout *layout, const struct plot_model *model)
{
	bool is_below = legend_is_below(layout, model);
	double legend_px = is_below ? legend_height_below(layout, model) + 12 : 0;

	choose_height(layout, model, &legend_px);
	layout->y_label_x = LAYOUT_MARGIN + LABEL_PX / 2.0;
	/* The frame runs through the middle of its pixels, so that it is sharp. */
	double ticks_px =
		LABEL_PX + 12 + widest_tick_label_px(layout, &model->y) + TICK_MARK_PX + 4;
	double lanes_px = widest_lane_label_px(layout, model) + LANE_LABEL_GAP_PX;
	layout->left = floor(LAYOUT_MARGIN + fmax(ticks_px, lanes_px)) + 0.5;
	double under = LAYOUT_MARGIN + floor(legend_px);
	layout->time_axis_y = 0.5 + under + LABEL_PX + 10 + TICK_PX + TICK_MARK_PX + 4;
	layout->x_label_y = under + LABEL_PX / 2.0;
	layout->bottom = layout->time_axis_y + floor(panes_px(layout, model));
	layout->top = layout->page.height - LAYOUT_MARGIN - TITLE_PX - 21.5;
	layout->title_y = layout->top + 10 + TITLE_PX / 2.0;
	struct error *err = is_below ? legend_place_below(layout, model, legend_px - 12)
				     : legend_place_beside(layout, model);
	if (err != NULL)
		return err;
	/* The last tick's label is centred under the frame's right edge. */
	double right = is_below ? layout->page.width : layout->legend_left;
	layout->right =
		floor(right - LAYOUT_MARGIN - widest_tick_label_px(layout, &model->x) / 2) + 0.5;
	layout->x_label_share = (widest_tick_label_px(layout, &model->x) + TICK_PX / 2.0) /
				fmax(layout->right - layout->left, 1);
	layout->y_label_share = TICK_PX * 1.1 / fmax(layout->top - layout->bottom, 1);
	err = layout_words(layout, model);
	if (err != NULL)
		return err;
	err = layout_strips(layout, model);
	return err != NULL ? err : brackets_place(layout, model);
}

/* Without words: the caller writes them. */
static struct error *layout_fill_bare(struct plot_layout *layout, const struct plot_model *model)
{
	layout->right = layout->page.width;
	layout->top = layout->page.height;
	layout->title = strdup("");
	layout->x_label = strdup("");
	layout->y_label = strdup("");
	if (layout->title == NULL || layout->x_label == NULL || layout->y_label == NULL)
		return error_no_memory();
	return brackets_place(layout, model);
}

struct error *plot_layout_init(struct plot_layout *layout, const struct plot_model *model,
			       const struct plot_page *page)
{
	*layout = (struct plot_layout){ .page = *page };
	if (layout->page.width == 0)
		layout->page.width = PAGE_WIDTH;
	if (layout->page.dpi == 0)
		layout->page.dpi = PLOT_PAGE_UNITS_PER_INCH;
	struct error *err =
		page->is_bare ? layout_fill_bare(layout, model) : layout_fill(layout, model);
	if (err != NULL)
		plot_layout_deinit(layout);
	return err;
}

void plot_layout_deinit(struct plot_layout *layout)
{
	for (size_t i = 0; i < layout->legend_count; i++)
		free(layout->legend_texts[i]);
	for (size_t i = 0; i < layout->strip_count && layout->strip_texts != NULL; i++)
		free(layout->strip_texts[i]);
	free(layout->legend_texts);
	free(layout->strip_texts);
	free(layout->brackets);
	free(layout->title);
	free(layout->x_label);
	free(layout->y_label);
	*layout = (struct plot_layout){ 0 };
}
