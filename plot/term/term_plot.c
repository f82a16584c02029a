/* A plot in characters; see term_plot.h. Plot layer. */
#include "plot/term/term_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/term/term_areas.h"
#include "plot/term/term_lanes.h"
#include "plot/term/term_legend.h"
#include "plot/text/text_columns.h"

enum { DOTS_X = 2, DOTS_Y = 4 };

/* The curves' part: a character a cell. */
struct cell {
	unsigned char dots; /* of a Braille pattern */
	char sign;	    /* a bracket, over the dots; 0: none */
	int color;
};

struct term_canvas {
	const struct plot_model *model;
	const struct term_page *page;
	FILE *out;
	struct cell *cells;
	size_t width, height; /* in cells */
	size_t label_width;   /* of the memory axis's labels */
	size_t beside_rows;   /* lines of what is beside memory */
	size_t lane_rows;     /* lines of lanes */
	struct term_legend legend;
};

/* Of the title, the axes' words and labels, and the axis of time. */
enum { WORD_ROWS = 5 };

/* In dots from the lower left corner. */
static double dot_x(const struct term_canvas *canvas, double x)
{
	const struct axis *axis = &canvas->model->x;

	return (x - axis->min) / (axis->max - axis->min) * (double)(canvas->width * DOTS_X - 1);
}

static double dot_y(const struct term_canvas *canvas, double y)
{
	const struct axis *axis = &canvas->model->y;

	return (y - axis->min) / (axis->max - axis->min) * (double)(canvas->height * DOTS_Y - 1);
}

static struct cell *cell_at(const struct term_canvas *canvas, double x, double y)
{
	if (!(x >= 0 && x < (double)(canvas->width * DOTS_X) && y >= 0 &&
	      y < (double)(canvas->height * DOTS_Y)))
		return NULL;
	size_t row = canvas->height - 1 - (size_t)y / DOTS_Y;
	return &canvas->cells[row * canvas->width + (size_t)x / DOTS_X];
}

/* Braille numbers its dots down the left column, down the right one, and the lowest pair last. */
static void set_dot(const struct term_canvas *canvas, double x, double y, int color)
{
	static const unsigned char bits[DOTS_X][DOTS_Y] = { { 0x40, 0x04, 0x02, 0x01 },
							    { 0x80, 0x20, 0x10, 0x08 } };
	struct cell *cell = cell_at(canvas, x, y);

	if (cell == NULL)
		return;
	cell->dots |= bits[(size_t)x % DOTS_X][(size_t)y % DOTS_Y];
	cell->color = color;
}

static void draw_segment(const struct term_canvas *canvas, double x1, double y1, double x2,
			 double y2, int color)
{
	/* A page of characters has few dots: the count of them fits any integer. */
	unsigned steps = (unsigned)fmin(ceil(fmax(fabs(x2 - x1), fabs(y2 - y1))), 1e6) + 1;

	for (unsigned i = 0; i <= steps; i++)
		set_dot(canvas, round(x1 + (x2 - x1) * i / steps),
			round(y1 + (y2 - y1) * i / steps), color);
}

static void draw_curves(const struct term_canvas *canvas)
{
	const struct plot_model *model = canvas->model;

	for (size_t i = 0; i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		for (size_t k = 0; k < curve->count; k++) {
			const struct plot_point *to = &curve->points[k];
			const struct plot_point *from = k > 0 ? to - 1 : to;
			draw_segment(canvas, dot_x(canvas, from->x), dot_y(canvas, from->y),
				     dot_x(canvas, to->x), dot_y(canvas, to->y), curve->color);
		}
	}
	for (size_t i = 0; i < model->tick_count; i++) {
		const struct plot_tick *tick = &model->ticks[i];
		struct cell *cell = cell_at(canvas, round(dot_x(canvas, tick->x)),
					    round(dot_y(canvas, tick->y)));
		if (cell == NULL)
			continue;
		cell->sign = '|';
		cell->color = tick->color;
	}
	for (size_t i = 0; i < model->bracket_count; i++) {
		const struct plot_bracket *bracket = &model->brackets[i];
		struct cell *cell = cell_at(canvas, round(dot_x(canvas, bracket->x)),
					    round(dot_y(canvas, bracket->y)));
		if (cell == NULL)
			continue;
		cell->sign = term_bracket_sign(bracket->form, bracket->is_held, bracket->is_exit);
		cell->color = bracket->color;
	}
}

static void put_cells(const struct term_canvas *canvas, size_t row)
{
	const struct axis *x = &canvas->model->x, *y = &canvas->model->y;
	const double up = ((double)(canvas->height - row) - 0.5) / (double)canvas->height;
	int color = TERM_NO_COLOR;

	for (size_t i = 0; i < canvas->width; i++) {
		const double right = ((double)i + 0.5) / (double)canvas->width;
		const struct cell *cell = &canvas->cells[row * canvas->width + i];
		const bool is_empty = cell->dots == 0 && cell->sign == 0;
		int wanted = cell->color;
		const char *shade =
			is_empty ? term_shade_at(canvas->model, x->min + right * (x->max - x->min),
						 y->min + up * (y->max - y->min), &wanted)
				 : NULL;
		if ((!is_empty || shade != NULL) && wanted != color) {
			color = wanted;
			term_put_color(canvas->out, canvas->page, color);
		}
		if (shade != NULL)
			fputs(shade, canvas->out);
		else if (cell->sign != 0)
			fputc(cell->sign, canvas->out);
		else if (is_empty)
			fputc(' ', canvas->out);
		else /* U+2800 and the dots, in UTF-8 */
			fprintf(canvas->out, "\xe2%c%c", 0xa0 | cell->dots >> 6,
				0x80 | (cell->dots & 0x3f));
	}
	if (color != TERM_NO_COLOR)
		term_put_color(canvas->out, canvas->page, TERM_NO_COLOR);
}

/* The label of the tick in this row of cells; empty: none. */
static void row_label(const struct term_canvas *canvas, size_t row,
		      char label[static AXIS_LABEL_BYTES])
{
	const struct axis *axis = &canvas->model->y;

	label[0] = '\0';
	for (size_t i = 0; i < axis->tick_count; i++) {
		double y = dot_y(canvas, axis_tick(axis, i));
		if (canvas->height - 1 - (size_t)(y + 0.5) / DOTS_Y == row)
			axis_tick_label(axis, i, label);
	}
}

/* What the longest label of a tick needs, with a space, of the axis's length. */
static double time_label_share(const struct term_canvas *canvas)
{
	size_t longest = 0;

	for (size_t i = 0; i < canvas->model->x.tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		axis_tick_label(&canvas->model->x, i, label);
		size_t length = strlen(label);
		longest = length > longest ? length : longest;
	}
	return (double)(longest + 1) / (double)canvas->width;
}

static void put_time_axis(const struct term_canvas *canvas)
{
	const struct axis *axis = &canvas->model->x;
	size_t at = 0;

	fprintf(canvas->out, "%*s \xe2\x94\x94", (int)canvas->label_width, "");
	for (size_t i = 0; i < canvas->width; i++) {
		bool is_tick = false;
		for (size_t k = 0; k < axis->tick_count; k++)
			is_tick = is_tick ||
				  (size_t)round(dot_x(canvas, axis_tick(axis, k))) / DOTS_X == i;
		fputs(is_tick ? "\xe2\x94\xac" : "\xe2\x94\x80", canvas->out);
	}
	fprintf(canvas->out, "\n%*s", (int)canvas->label_width + 2, "");
	double share = time_label_share(canvas);
	for (size_t k = 0; k < axis->tick_count; k++) {
		char label[AXIS_LABEL_BYTES];
		if (!axis_tick_has_label(axis, k, share))
			continue;
		axis_tick_label(axis, k, label);
		size_t length = strlen(label);
		size_t place = (size_t)round(dot_x(canvas, axis_tick(axis, k))) / DOTS_X;
		place = place > length / 2 ? place - length / 2 : 0;
		if (place + length > canvas->width)
			place = canvas->width > length ? canvas->width - length : 0;
		if (at > 0 && place <= at)
			continue; /* pushed back from the edge onto the one before */
		fprintf(canvas->out, "%*s%s", (int)(place - at), "", label);
		at = place + length;
	}
	if (canvas->page->is_bare) {
		fputc('\n', canvas->out);
		return;
	}
	char *words = text_fit_columns(canvas->model->x_label, canvas->width);
	if (words != NULL)
		fprintf(canvas->out, "\n%*s%s\n", (int)canvas->label_width + 2, "", words);
	free(words);
}

/*
 * At its place right of the labels, which are written afterwards. Room is made first, so that
 * nothing scrolls while the picture is shown; the cursor is where it was then (DECSC, DECRC),
 * wherever the terminal leaves it behind a picture.
 */
static void put_picture(const struct term_canvas *canvas)
{
	for (size_t i = 0; i <= canvas->height; i++)
		fputc('\n', canvas->out);
	fprintf(canvas->out,
		"\033[%zuA\033"
		"7\033[%zuC",
		canvas->height + 1, canvas->label_width + 2);
	fwrite(canvas->page->picture, 1, canvas->page->picture_bytes, canvas->out);
	fputs("\033"
	      "8",
	      canvas->out);
}

/* What the axes are, in one line. */
static void put_axis_words(const struct term_canvas *canvas)
{
	const struct plot_model *model = canvas->model;
	size_t room = canvas->label_width + canvas->width + 2;
	bool fits = text_columns(model->y_label) + text_columns(model->x_label) < room;
	const char *y_label = fits ? model->y_label : model->y_label_short;
	size_t left = text_columns(y_label) + 1;
	char *x_label = text_fit_columns(model->x_label, room > left ? room - left : 0);
	size_t used = x_label != NULL ? text_columns(x_label) : 0;

	fprintf(canvas->out, "%s%*s%s\n", y_label,
		room > left - 1 + used ? (int)(room - (left - 1) - used) : 1, "",
		x_label != NULL ? x_label : "");
	free(x_label);
}

static void put_head(const struct term_canvas *canvas)
{
	const struct plot_model *model = canvas->model;
	size_t room = canvas->label_width + canvas->width + 2;
	char *title = text_fit_columns(model->title, room);
	bool fits = text_columns(model->y_label) <= room;

	fprintf(canvas->out, "%s\n%s\n", title != NULL ? title : "",
		fits ? model->y_label : model->y_label_short);
	free(title);
}

static void put_all(const struct term_canvas *canvas)
{
	const struct plot_model *model = canvas->model;

	if (canvas->page->is_bare)
		put_axis_words(canvas);
	else
		put_head(canvas);
	if (canvas->page->picture != NULL)
		put_picture(canvas);
	for (size_t row = 0; row < canvas->height; row++) {
		char label[AXIS_LABEL_BYTES];
		row_label(canvas, row, label);
		fprintf(canvas->out, "%*s %s", (int)canvas->label_width, label,
			label[0] != '\0' ? "\xe2\x94\xa4" : "\xe2\x94\x82");
		if (canvas->page->picture == NULL)
			put_cells(canvas, row);
		fputc('\n', canvas->out);
	}
	if (canvas->page->is_bare) {
		put_time_axis(canvas);
		return;
	}
	const struct term_lanes lanes = { canvas->out,	 model,
					  canvas->page,	 canvas->label_width + 2,
					  canvas->width, canvas->lane_rows };
	term_beside_put(canvas->out, model, canvas->page, canvas->label_width + 2, canvas->width,
			canvas->beside_rows);
	term_lanes_put(&lanes);
	put_time_axis(canvas);
	term_legend_put(canvas->out, &canvas->legend, model, canvas->page);
}

/* Places all but its cells. */
static void canvas_init(struct term_canvas *canvas, FILE *out, const struct plot_model *model,
			const struct term_page *page)
{
	size_t columns = page->columns > TERM_LEAST_COLUMNS ? page->columns : TERM_LEAST_COLUMNS;
	size_t rows = page->rows > TERM_LEAST_ROWS ? page->rows : TERM_LEAST_ROWS;

	*canvas = (struct term_canvas){ .model = model, .page = page, .out = out };
	for (size_t i = 0; i < model->y.tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		axis_tick_label(&model->y, i, label);
		if (strlen(label) > canvas->label_width)
			canvas->label_width = strlen(label);
	}
	canvas->width = columns - canvas->label_width - 2;
	if (page->is_bare) {
		canvas->height = page->rows > 4 ? page->rows - 3 : 1;
		return;
	}
	/* Curves have what is left, and no less than a part of it; the shell's next line is on the screen too. */
	size_t room = rows - WORD_ROWS - 1;
	size_t least = model->lane_count > 0 ? room / 3 : room * 2 / 5 + 1;
	size_t named = model->legend_count < 2 ? model->legend_count : 2;
	const size_t beside_most = (room - least - named) / 2;
	canvas->beside_rows = 2 * model->beside_count < beside_most ? 2 * model->beside_count
								    : beside_most / 2 * 2;
	room -= canvas->beside_rows;
	canvas->lane_rows = term_lanes_rows(model, room - least - named);
	term_legend_init(&canvas->legend, model, columns, room - least - canvas->lane_rows);
	canvas->height = room - canvas->lane_rows - canvas->legend.rows;
}

void term_plot_area(const struct plot_model *model, const struct term_page *page,
		    size_t *ret_columns, size_t *ret_rows)
{
	struct term_canvas canvas;

	canvas_init(&canvas, NULL, model, page);
	*ret_columns = canvas.width;
	*ret_rows = canvas.height;
}

struct error *term_plot_write(FILE *out, const struct plot_model *model,
			      const struct term_page *page)
{
	struct term_canvas canvas;

	canvas_init(&canvas, out, model, page);
	canvas.cells = calloc(canvas.width * canvas.height, sizeof(*canvas.cells));
	if (canvas.cells == NULL)
		return error_no_memory();
	draw_curves(&canvas);
	put_all(&canvas);
	free(canvas.cells);
	return NULL;
}

/*
 * The smallest axis that holds @highest and whose ticks, at round figures, are all as many rows apart:
 * a row is DOTS_Y dots, of which the axis has one less than its rows have together.
 */
void term_plot_even_axis(struct plot_model *model, const struct term_page *page)
{
	static const double rounds[] = { 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500 };
	static const size_t least_rows = 2, most_rows = 5;
	size_t columns, rows;
	/* Two are few; an axis a little longer is better. */
	static const double two_ticks_cost = 1.4;
	double highest = model->y.max / AXIS_HEADROOM, least_cost = INFINITY, best = 0, step = 0;

	term_plot_area(model, page, &columns, &rows);
	if (model->is_cut || rows <= least_rows || !(highest > 0))
		return;
	double dots = (double)(rows * DOTS_Y - 1);
	double power = pow(10, floor(log10(highest / (double)rows)));
	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		double round_step = rounds[i] * power;
		for (size_t apart = least_rows; apart <= most_rows && apart < rows; apart++) {
			double max = round_step * dots / (double)(apart * DOTS_Y);
			double cost = max * (2 * apart < rows ? 1 : two_ticks_cost);
			if (max >= highest && cost < least_cost) {
				least_cost = cost;
				best = max;
				step = round_step;
			}
		}
	}
	if (step > 0)
		axis_set_steps(&model->y, best, step);
}
