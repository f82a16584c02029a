/* The legend on the page; see legend_layout.h. Plot layer. */
#include "plot/layout/legend_layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double USUAL_ROW = 22, BELOW_ROW = 20, LEAST_ROW = 16;
static const double BEHIND_TEXT = 8; /* in a column */

/* Of the widest entry, with its key, before anything is shortened. */
static double widest_entry_px(const struct plot_layout *layout, const struct plot_model *model)
{
	double widest = 0;

	for (size_t i = 0; i < model->legend_count; i++) {
		const struct plot_legend_entry *entry = &model->legend[i];
		widest = fmax(widest, layout_text_px(layout, entry->name, LEGEND_PX) +
					      layout_text_px(layout, entry->detail, LEGEND_PX));
	}
	return LEGEND_TEXT_LEFT_PX + widest + BEHIND_TEXT;
}

bool legend_is_below(const struct plot_layout *layout, const struct plot_model *model)
{
	static const double rows_beside = 20, least_width = 760;
	/* The curves are what is looked at. */
	static const double most_beside = 1.0 / 3;

	return (double)model->legend_count > rows_beside || layout->page.width < least_width ||
	       widest_entry_px(layout, model) > layout->page.width * most_beside;
}

/* As many as hold the widest entry; where a column would be long, more of them, and shorter names. */
static size_t columns_below(const struct plot_layout *layout, const struct plot_model *model)
{
	static const size_t long_column = 6;
	static const double narrowest = 360;
	double width = layout->page.width - 2 * LAYOUT_MARGIN;
	size_t columns = (size_t)(width / fmin(widest_entry_px(layout, model), width));

	while (model->legend_count > columns * long_column &&
	       width / (double)(columns + 1) >= narrowest)
		columns++;
	if (columns > model->legend_count)
		columns = model->legend_count;
	return columns > 0 ? columns : 1;
}

double legend_height_below(const struct plot_layout *layout, const struct plot_model *model)
{
	size_t columns = columns_below(layout, model);
	size_t rows = (model->legend_count + columns - 1) / columns;

	return (double)rows * BELOW_ROW + 2 * LEGEND_PADDING_PX;
}

static bool ends_with(const char *text, const char *end)
{
	size_t bytes = strlen(text), end_bytes = strlen(end);

	return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

/* The length of @text without the entry's figures, which may have found no room. */
static size_t name_bytes(const char *text, const struct plot_legend_entry *entry)
{
	const char *const details[] = { entry->detail, entry->brief_detail };

	for (size_t i = 0; i < 2; i++) {
		if (details[i] != NULL && ends_with(text, details[i]))
			return strlen(text) - strlen(details[i]);
	}
	return strlen(text);
}

/* Whether an entry before the next one has the name in @text; figures tell nothing apart. */
static bool is_taken(const struct plot_layout *layout, const struct plot_model *model,
		     const char *text)
{
	size_t bytes = name_bytes(text, &model->legend[layout->legend_count]);

	for (size_t i = 0; i < layout->legend_count; i++) {
		const char *other = layout->legend_texts[i];
		if (name_bytes(other, &model->legend[i]) == bytes &&
		    memcmp(other, text, bytes) == 0)
			return true;
	}
	return false;
}

/* The number goes with the name: it stays where the figures find no room. */
static char *numbered_text(const struct plot_layout *layout, const struct plot_legend_entry *entry,
			   size_t number, double width_px)
{
	char mark[32], *detail;

	snprintf(mark, sizeof(mark), " (%zu)", number);
	if (asprintf(&detail, "%s%s", mark, entry->detail) < 0)
		return NULL;
	char *text =
		layout_shorten(layout, entry->name, &entry->brief, detail, width_px, LEGEND_PX);
	if (text != NULL && !ends_with(text, detail)) {
		free(text);
		text = layout_shorten(layout, entry->name, &entry->brief, mark, width_px,
				      LEGEND_PX);
	}
	free(detail);
	return text;
}

/* Of the next entry. What was different and is not after shortening gets a number. */
static char *entry_text(const struct plot_layout *layout, const struct plot_model *model,
			double width_px)
{
	const struct plot_legend_entry *entry = &model->legend[layout->legend_count];
	char *text = layout_shorten(layout, entry->name, &entry->brief, entry->detail, width_px,
				    LEGEND_PX);

	if (text != NULL && entry->brief_detail != NULL && !ends_with(text, entry->detail)) {
		free(text);
		text = layout_shorten(layout, entry->name, &entry->brief, entry->brief_detail,
				      width_px, LEGEND_PX);
	}
	/* Without its figures it may have room for all that differs. */
	const char *brief = entry->brief.text;
	bool fits_alone = brief != NULL && layout_text_px(layout, brief, LEGEND_PX) <= width_px;
	if (text != NULL && fits_alone && is_taken(layout, model, text)) {
		free(text);
		text = layout_shorten(layout, entry->name, &entry->brief, "", width_px, LEGEND_PX);
	}
	/* One of so many numbers is free. */
	for (size_t number = 2;
	     text != NULL && number <= layout->legend_count + 1 && is_taken(layout, model, text);
	     number++) {
		free(text);
		text = numbered_text(layout, entry, number, width_px);
	}
	return text;
}

/* The texts of the first @count entries, and the width of the longest. */
static struct error *make_texts(struct plot_layout *layout, const struct plot_model *model,
				size_t count, double width_px, double *ret_px)
{
	layout->legend_texts = calloc(model->legend_count + 1, sizeof(*layout->legend_texts));
	if (layout->legend_texts == NULL)
		return error_no_memory();
	*ret_px = 0;
	for (size_t i = 0; i < count; i++) {
		char *text = entry_text(layout, model, width_px);
		if (text == NULL)
			return error_no_memory();
		layout->legend_texts[layout->legend_count++] = text;
		*ret_px = fmax(*ret_px, layout_text_px(layout, text, LEGEND_PX));
	}
	return NULL;
}

/* As many rows as fit; what does not is said in the last one, in place of an entry. */
static struct error *say_left_out(struct plot_layout *layout, const struct plot_model *model)
{
	size_t shown = layout->legend_count;
	char *text;

	if (shown == 0 || shown == model->legend_count)
		return NULL;
	if (asprintf(&text, "\xe2\x80\xa6 and %zu more", model->legend_count - shown + 1) < 0)
		return error_no_memory();
	free(layout->legend_texts[shown - 1]);
	layout->legend_texts[shown - 1] = text;
	return NULL;
}

struct error *legend_place_beside(struct plot_layout *layout, const struct plot_model *model)
{
	static const double widest_part = 0.42;
	double most_px = layout->page.width * widest_part - LEGEND_TEXT_LEFT_PX - LAYOUT_MARGIN;
	double room = layout->top - LAYOUT_MARGIN - 2 * LEGEND_PADDING_PX, text_px;
	size_t count = model->legend_count;

	if ((double)count * LEAST_ROW > room)
		count = (size_t)(room / LEAST_ROW);
	struct error *err = make_texts(layout, model, count, most_px, &text_px);
	if (err == NULL)
		err = say_left_out(layout, model);
	if (err != NULL)
		return err;
	double rows = (double)count;
	layout->row_height = rows * USUAL_ROW > room ? room / rows : USUAL_ROW;
	layout->legend_rows = count;
	double height = rows * layout->row_height + 2 * LEGEND_PADDING_PX;
	layout->legend_right = layout->page.width - LAYOUT_MARGIN + 0.5;
	layout->legend_left =
		floor(layout->legend_right - LEGEND_TEXT_LEFT_PX - text_px - BEHIND_TEXT) + 0.5;
	layout->column_width = layout->legend_right - layout->legend_left;
	double middle = (layout->top + layout->bottom) / 2;
	layout->legend_top = middle + height / 2;
	if (layout->legend_top - height < LAYOUT_MARGIN)
		layout->legend_top = LAYOUT_MARGIN + height;
	if (layout->legend_top > layout->top)
		layout->legend_top = layout->top;
	layout->legend_top = floor(layout->legend_top) + 0.5;
	layout->legend_bottom = floor(layout->legend_top - height) + 0.5;
	return NULL;
}

struct error *legend_place_below(struct plot_layout *layout, const struct plot_model *model,
				 double room)
{
	size_t columns = columns_below(layout, model), count = model->legend_count;
	size_t rows = (count + columns - 1) / columns;
	double text_px;

	room -= 2 * LEGEND_PADDING_PX;
	if ((double)rows * LEAST_ROW > room) {
		rows = room > LEAST_ROW ? (size_t)(room / LEAST_ROW) : 0;
		count = rows * columns < count ? rows * columns : count;
	}
	layout->row_height = rows == 0 ? LEAST_ROW : fmin(room / (double)rows, BELOW_ROW);
	layout->legend_rows = rows > 0 ? rows : 1;
	layout->legend_left = LAYOUT_MARGIN + 0.5;
	layout->legend_right = layout->page.width - LAYOUT_MARGIN + 0.5;
	layout->column_width = (layout->legend_right - layout->legend_left) / (double)columns;
	layout->legend_bottom = LAYOUT_MARGIN + 0.5;
	layout->legend_top =
		floor(LAYOUT_MARGIN + (double)rows * layout->row_height + 2 * LEGEND_PADDING_PX) +
		0.5;
	struct error *err =
		make_texts(layout, model, count,
			   layout->column_width - LEGEND_TEXT_LEFT_PX - BEHIND_TEXT, &text_px);
	return err != NULL ? err : say_left_out(layout, model);
}
