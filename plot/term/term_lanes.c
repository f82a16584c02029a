/* Lanes of calls in characters; see term_lanes.h. Plot layer. */
#include "plot/term/term_lanes.h"

#include <math.h>
#include <stdlib.h>

#include "plot/model/palette.h"
#include "plot/text/text_columns.h"

/* Words on a bar: dark on light colours, light on dark ones, which tables of 8 colours have too. */
static void put_bar_color(const struct term_lanes *lanes, int color)
{
	struct rgba bar = palette_rgba((size_t)color, lanes->page->is_dark);
	bool is_light = 0.299 * bar.red + 0.587 * bar.green + 0.114 * bar.blue > 128;

	fprintf(lanes->out, "\033[48;2;%d;%d;%dm\033[%dm", bar.red, bar.green, bar.blue,
		is_light ? 30 : 97);
}

/* In colours a stretch of its own; without them the name between brackets. */
static void put_bar(const struct term_lanes *lanes, const struct plot_bar *bar, size_t columns)
{
	static const size_t least = 4; /* letters that say something */
	bool has_color = lanes->page->has_color;
	size_t room = has_color || columns < 2 ? columns : columns - 2;
	char *name = room >= least ? text_fit_columns(bar->name, room) : NULL;
	size_t used = name != NULL ? text_columns(name) : 0;

	if (has_color)
		put_bar_color(lanes, bar->color);
	else
		fputs(columns < 2 ? "|" : "[", lanes->out);
	if (has_color || columns >= 2)
		fprintf(lanes->out, "%s%*s", name != NULL ? name : "", (int)(room - used), "");
	if (has_color)
		fputs("\033[0m", lanes->out);
	else if (columns >= 2)
		fputc(']', lanes->out);
	free(name);
}

static size_t column_of(const struct term_lanes *lanes, double x)
{
	const struct axis *axis = &lanes->model->x;
	double part = fmin(fmax((x - axis->min) / (axis->max - axis->min), 0), 1);

	return (size_t)lround(part * (double)lanes->width);
}

/* The bars of a row, in order of time. */
static void put_row(const struct term_lanes *lanes, size_t row)
{
	size_t at = 0;

	fprintf(lanes->out, "%*s", (int)lanes->left, "");
	for (size_t i = 0; i < lanes->model->bar_count; i++) {
		const struct plot_bar *bar = &lanes->model->bars[i];
		if (bar->row != row)
			continue;
		size_t start = column_of(lanes, bar->x1), end = column_of(lanes, bar->x2);
		start = start < at ? at : start;
		end = end > start ? end : start + 1;
		if (end > lanes->width)
			continue;
		fprintf(lanes->out, "%*s", (int)(start - at), "");
		put_bar(lanes, bar, end - start);
		at = end;
	}
	fputc('\n', lanes->out);
}

static void put_lane(const struct term_lanes *lanes, const struct plot_lane *lane, size_t rows)
{
	term_put_color(lanes->out, lanes->page, lane->color);
	fprintf(lanes->out, "%*s%s", (int)lanes->left, "", lane->label);
	term_put_color(lanes->out, lanes->page, TERM_NO_COLOR);
	fputc('\n', lanes->out);
	for (size_t row = 0; row < rows; row++)
		put_row(lanes, lane->first_row + row);
}

/*
 * Whole lanes as long as they fit, the last line saying how many more there are; of a first one that is
 * too deep its top. Returns the lines that they take. @is_dry: puts nothing.
 */
static size_t put_lanes(const struct term_lanes *lanes, bool is_dry)
{
	const struct plot_model *model = lanes->model;
	size_t used = 0;

	for (size_t i = 0; i < model->lane_count && used < lanes->rows; i++) {
		const struct plot_lane *lane = &model->lanes[i];
		size_t rest = i + 1 < model->lane_count, left = lanes->rows - used;
		size_t rows = lane->row_count;
		if (rows + 1 + rest > left && i > 0) {
			if (!is_dry)
				fprintf(lanes->out, "%*s\xe2\x80\xa6 and %zu more threads\n",
					(int)lanes->left, "", model->lane_count - i);
			return used + 1;
		}
		if (rows + 1 + rest > left)
			rows = left - 1 - (left > 1 ? rest : 0);
		if (!is_dry)
			put_lane(lanes, lane, rows);
		used += rows + 1;
	}
	return used;
}

size_t term_lanes_rows(const struct plot_model *model, size_t most)
{
	return put_lanes(&(struct term_lanes){ .model = model, .rows = most }, true);
}

void term_lanes_put(const struct term_lanes *lanes)
{
	put_lanes(lanes, false);
}
