/* Draws a plot_model with PLplot; see plplot_renderer.h. Plot layer. */
#include "plot/plplot_renderer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plplot/plplot.h>

#include "plot/palette.h"

/* A page of this many dots an inch makes one window unit one pixel of a PNG. */
static const double PAGE_DPI = 90;

/* The em of PLplot's fonts, in pixels at PAGE_DPI, for each millimetre of character height. */
static const double EM_PX_PER_MM = 3.7;

static const double GRID_WIDTH = 0.8, SPINE_WIDTH = 1.0, PEAK_WIDTH = 1.0;
static const double TREND_WIDTH = 1.3;
static const double MAIN_WIDTH = 1.9, CHILD_WIDTH = 1.5, BRACKET_WIDTH = 2.2;
static const double TICK_LENGTH = 6;

struct page {
	const struct plot_model *model;
	const struct plot_layout *layout;
};

bool plplot_has_device(const char *device)
{
	enum { MOST = 256 };
	const char *names[MOST], *menus[MOST];
	const char **name_list = names, **menu_list = menus;
	int count = MOST;

	plgDevs(&menu_list, &name_list, &count);
	for (int i = 0; i < count; i++) {
		if (strcmp(names[i], device) == 0)
			return true;
	}
	return false;
}

static void draw_line(double x1, double y1, double x2, double y2)
{
	plline(2, (double[]){ x1, x2 }, (double[]){ y1, y2 });
}

/* The middle of the pixel: a level or upright line between two would be blurred over both. */
static double snap(double position)
{
	return floor(position) + 0.5;
}

static void set_pen(int color, double width)
{
	plcol0(color);
	plwidth(width);
}

/* '#' begins an escape sequence of PLplot's; "##" is the character itself. */
static void draw_text(double x, double y, double size_px, double justify, bool is_vertical,
		      const char *text)
{
	char *escaped = malloc(2 * strlen(text) + 1);
	char *out = escaped;

	if (escaped == NULL || text[0] == '\0') {
		free(escaped);
		return;
	}
	for (const char *in = text; *in != '\0'; in++) {
		*out++ = *in;
		if (*in == '#')
			*out++ = '#';
	}
	*out = '\0';
	plschr(size_px / EM_PX_PER_MM, 1);
	plcol0(COLOR_TEXT);
	plptex(x, y, is_vertical ? 0 : 1, is_vertical ? 1 : 0, justify, escaped);
	free(escaped);
}

static void draw_axes(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	const struct plot_model *model = page->model;
	char label[AXIS_LABEL_BYTES];

	for (size_t i = 0; i < model->x.tick_count; i++) {
		double x = snap(plot_layout_x(at, model, axis_tick(&model->x, i)));
		set_pen(COLOR_GRID, GRID_WIDTH);
		draw_line(x, at->bottom, x, at->top);
		set_pen(COLOR_SPINE, SPINE_WIDTH);
		draw_line(x, at->bottom, x, at->bottom - TICK_LENGTH);
		axis_tick_label(&model->x, i, label);
		draw_text(x, at->bottom - TICK_LENGTH - TICK_PX * 0.85, TICK_PX, 0.5, false, label);
	}
	for (size_t i = 0; i < model->y.tick_count; i++) {
		double y = snap(plot_layout_y(at, model, axis_tick(&model->y, i)));
		set_pen(COLOR_GRID, GRID_WIDTH);
		draw_line(at->left, y, at->right, y);
		set_pen(COLOR_SPINE, SPINE_WIDTH);
		draw_line(at->left, y, at->left - TICK_LENGTH, y);
		axis_tick_label(&model->y, i, label);
		draw_text(at->left - TICK_LENGTH - 4, y, TICK_PX, 1, false, label);
	}
	set_pen(COLOR_SPINE, SPINE_WIDTH);
	draw_line(at->left, at->bottom, at->right, at->bottom);
	draw_line(at->left, at->bottom, at->left, at->top);
	draw_text((at->left + at->right) / 2, at->x_label_y, LABEL_PX, 0.5, false, model->x_label);
	draw_text(at->y_label_x, (at->bottom + at->top) / 2, LABEL_PX, 0.5, true, model->y_label);
	draw_text(at->left, at->title_y, TITLE_PX, 0, false, at->title);
}

static void draw_dot(double x, double y)
{
	static const double radius = 3.5;

	plfill(4, (double[]){ x - radius, x, x + radius, x },
	       (double[]){ y, y + radius, y, y - radius });
}

/* A closed polygon down to the axis needs two points more than the curve. */
static void draw_curve(const struct page *page, const struct plot_curve *curve)
{
	double *x = calloc(curve->count + 2, sizeof(*x));
	double *y = calloc(curve->count + 2, sizeof(*y));
	int count = (int)curve->count;

	if (x == NULL || y == NULL)
		abort(); /* contained: the parent reports it */
	for (size_t i = 0; i < curve->count; i++) {
		x[i] = plot_layout_x(page->layout, page->model, curve->points[i].x);
		y[i] = plot_layout_y(page->layout, page->model, curve->points[i].y);
	}
	if (curve->is_filled && count > 1) {
		x[count] = x[count - 1];
		x[count + 1] = x[0];
		y[count] = y[count + 1] = page->layout->bottom + 0.5; /* not over the spine */
		plcol0(COLOR_MAIN_FILL);
		plfill(count + 2, x, y);
	}
	set_pen(curve->color, curve->is_child ? CHILD_WIDTH : MAIN_WIDTH);
	if (count > 1)
		plline(count, x, y);
	else
		draw_dot(x[0], y[0]);
	free(x);
	free(y);
}

/* @foot_x is where the feet end: right of @x for '[', left of it for ']'. */
static void draw_bracket_at(double x, double foot_x, double low, double high)
{
	plline(4, (double[]){ foot_x, x, x, foot_x }, (double[]){ high, high, low, low });
}

static double clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* Within the frame: a bracket near an edge is smaller, never cut open. */
static void draw_bracket(const struct page *page, const struct plot_bracket *bracket)
{
	const struct plot_layout *at = page->layout;
	double x = plot_layout_x(at, page->model, bracket->x);
	double y = plot_layout_y(at, page->model, bracket->y);
	double foot_x = bracket->is_exit ? x - BRACKET_FOOT_PX : x + BRACKET_FOOT_PX;

	set_pen(bracket->color, BRACKET_WIDTH);
	draw_bracket_at(x, clamp(foot_x, at->left, at->right),
			clamp(y - BRACKET_HALF_HEIGHT_PX, at->bottom, at->top),
			clamp(y + BRACKET_HALF_HEIGHT_PX, at->bottom, at->top));
}

static void draw_dashed(double x1, double y1, double x2, double y2)
{
	int mark_um = 1100, space_um = 700;

	plstyl(1, &mark_um, &space_um);
	draw_line(x1, y1, x2, y2);
	plstyl(0, &mark_um, &space_um);
}

static void draw_peak(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	const struct plot_peak *peak = &page->model->peak;
	double x = snap(plot_layout_x(at, page->model, peak->x));
	double y = snap(plot_layout_y(at, page->model, peak->y));

	if (!peak->is_shown)
		return;
	set_pen(COLOR_PEAK, PEAK_WIDTH);
	draw_dashed(at->left, y, at->right, y);
	if (peak->has_time)
		draw_dashed(x, at->bottom, x, at->top);
}

/* Long dashes in the curve's colour, over the curve. */
static void draw_trend(const struct page *page, const struct plot_curve *curve)
{
	const struct plot_trend *trend = &curve->trend;
	int mark_um = 2400, space_um = 900;

	if (!trend->is_shown)
		return;
	set_pen(curve->color, TREND_WIDTH);
	plstyl(1, &mark_um, &space_um);
	draw_line(plot_layout_x(page->layout, page->model, trend->from.x),
		  plot_layout_y(page->layout, page->model, trend->from.y),
		  plot_layout_x(page->layout, page->model, trend->to.x),
		  plot_layout_y(page->layout, page->model, trend->to.y));
	plstyl(0, &mark_um, &space_um);
}

static void draw_legend_key(const struct plot_legend_entry *entry, double left, double y,
			    double row_height)
{
	double from = left + LEGEND_KEY_LEFT_PX, to = left + LEGEND_KEY_RIGHT_PX;
	double half = row_height * 0.32 < 6 ? row_height * 0.32 : 6;

	switch (entry->key) {
	case PLOT_KEY_MAIN:
	case PLOT_KEY_CHILD:
		set_pen(entry->color, entry->key == PLOT_KEY_MAIN ? MAIN_WIDTH : CHILD_WIDTH);
		draw_line(from, y, to, y);
		break;
	case PLOT_KEY_BRACKET:
		set_pen(entry->color, BRACKET_WIDTH);
		draw_bracket_at(from + 8, from + 13, y - half, y + half);
		draw_bracket_at(to - 8, to - 13, y - half, y + half);
		break;
	case PLOT_KEY_PEAK:
		set_pen(COLOR_PEAK, PEAK_WIDTH);
		draw_dashed(from, y, to, y);
		break;
	case PLOT_KEY_NONE:
		break;
	}
}

static void draw_legend(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	double left = at->legend_left, right = at->legend_right;

	set_pen(COLOR_FRAME, GRID_WIDTH);
	plline(5, (double[]){ left, right, right, left, left },
	       (double[]){ at->legend_bottom, at->legend_bottom, at->legend_top, at->legend_top,
			   at->legend_bottom });
	for (size_t i = 0; i < at->legend_count; i++) {
		double y = snap(plot_layout_row_y(at, i));
		draw_legend_key(&page->model->legend[i], left, y, at->row_height);
		draw_text(left + LEGEND_TEXT_LEFT_PX, y, LEGEND_PX, 0, false, at->legend_texts[i]);
	}
}

static void set_colors(void)
{
	enum { MOST = 64 };
	int red[MOST], green[MOST], blue[MOST];
	double alpha[MOST];
	size_t count = palette_count();

	for (size_t i = 0; i < count && i < MOST; i++) {
		struct rgba color = palette_rgba(i);
		red[i] = color.red;
		green[i] = color.green;
		blue[i] = color.blue;
		alpha[i] = color.alpha;
	}
	plscmap0a(red, green, blue, alpha, (int)(count < MOST ? count : MOST));
}

void plplot_draw(const char *device, const char *file, const struct plot_model *model,
		 const struct plot_layout *layout, void (*opened)(void *data), void *data)
{
	struct page page = { model, layout };

	plsdev(device);
	if (file != NULL)
		plsfnam(file);
	else
		plsetopt("plwindow", "mprof-trace");
	plspage(PAGE_DPI, PAGE_DPI, (int)layout->page_width, (int)layout->page_height, 0, 0);
	set_colors();
	plinit();
	opened(data);
	pladv(0);
	plfontld(1);
	plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, PL_FCI_MEDIUM);
	plvpor(0, 1, 0, 1);
	plwind(0, layout->page_width, 0, layout->page_height);

	draw_axes(&page);
	for (size_t i = 0; i < model->curve_count; i++)
		draw_curve(&page, &model->curves[i]);
	for (size_t i = 0; i < model->curve_count; i++)
		draw_trend(&page, &model->curves[i]);
	draw_peak(&page);
	for (size_t i = 0; i < model->bracket_count; i++)
		draw_bracket(&page, &model->brackets[i]);
	draw_legend(&page);
	plend();
}
