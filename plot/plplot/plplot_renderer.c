/* Draws a plot_model with PLplot; see plplot_renderer.h. Plot layer. */
#include "plot/plplot/plplot_renderer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <plplot/plplot.h>

#include "plot/plplot/plplot_areas.h"
#include "plot/plplot/plplot_beside.h"
#include "plot/plplot/plplot_brackets.h"
#include "plot/plplot/plplot_draw.h"
#include "plot/plplot/plplot_lanes.h"
#include "plot/model/palette.h"

static const double GRID_WIDTH = 0.8, SPINE_WIDTH = 1.0, PEAK_WIDTH = 1.0, OTHER_PEAK_WIDTH = 0.8;
static const double TREND_WIDTH = 1.3;
static const double MAIN_WIDTH = 1.9, CHILD_WIDTH = 1.5, BRACKET_WIDTH = 2.2;

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

static void draw_time_axis(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	const struct axis *axis = &page->model->x;
	double y = at->time_axis_y;

	for (size_t i = 0; i < axis->tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		double x = draw_snap(plot_layout_x(at, page->model, axis_tick(axis, i)));
		draw_pen(page, COLOR_GRID, GRID_WIDTH);
		draw_line(x, y, x, at->top);
		draw_pen(page, COLOR_SPINE, SPINE_WIDTH);
		draw_line(x, y, x, y - TICK_MARK_PX);
		if (!axis_tick_has_label(axis, i, at->x_label_share))
			continue;
		axis_tick_label(axis, i, label);
		draw_text(page, COLOR_TEXT, x, y - TICK_MARK_PX - TICK_PX * 0.85, TICK_PX, 0.5,
			  label);
	}
	draw_pen(page, COLOR_SPINE, SPINE_WIDTH);
	draw_line(at->left, y, at->right, y);
	draw_text(page, COLOR_TEXT, (at->left + at->right) / 2, at->x_label_y, LABEL_PX, 0.5,
		  at->x_label);
}

static void draw_memory_axis(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	const struct axis *axis = &page->model->y;

	for (size_t i = 0; i < axis->tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		double y = draw_snap(plot_layout_y(at, page->model, axis_tick(axis, i)));
		draw_pen(page, COLOR_GRID, GRID_WIDTH);
		draw_line(at->left, y, at->right, y);
		draw_pen(page, COLOR_SPINE, SPINE_WIDTH);
		draw_line(at->left, y, at->left - TICK_MARK_PX, y);
		if (!axis_tick_has_label(axis, i, at->y_label_share))
			continue;
		axis_tick_label(axis, i, label);
		draw_text(page, COLOR_TEXT, at->left - TICK_MARK_PX - 4, y, TICK_PX, 1, label);
	}
	draw_pen(page, COLOR_SPINE, SPINE_WIDTH);
	draw_line(at->left, at->bottom, at->right, at->bottom);
	draw_line(at->left, at->bottom, at->left, at->top);
	draw_upright_text(page, at->y_label_x, (at->bottom + at->top) / 2, LABEL_PX, at->y_label);
}

/* The lines at the ticks alone. */
static void draw_grid(const struct page *page)
{
	const struct plot_layout *at = page->layout;
	const struct axis *x = &page->model->x, *y = &page->model->y;

	draw_pen(page, COLOR_GRID, GRID_WIDTH);
	for (size_t i = 0; i < x->tick_count; i++) {
		double place = draw_snap(plot_layout_x(at, page->model, axis_tick(x, i)));
		draw_line(place, at->bottom, place, at->top);
	}
	for (size_t i = 0; i < y->tick_count; i++) {
		double place = draw_snap(plot_layout_y(at, page->model, axis_tick(y, i)));
		draw_line(at->left, place, at->right, place);
	}
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
	if (curve->is_filled && count > 1 && page->model->stack.layer_count == 0) {
		x[count] = x[count - 1];
		x[count + 1] = x[0];
		y[count] = y[count + 1] = page->layout->bottom + 0.5; /* not over the spine */
		plcol0(COLOR_MAIN_FILL);
		plfill(count + 2, x, y);
	}
	draw_pen(page, curve->color, curve->is_child ? CHILD_WIDTH : MAIN_WIDTH);
	draw_dash(page, (enum draw_dash)curve->dash);
	if (count > 1)
		plline(count, x, y);
	else
		draw_dot(x[0], y[0]);
	draw_dash(page, DASH_NONE);
	free(x);
	free(y);
}

/* A cross through the whole frame, or from the axes to the point only. */
static void draw_peak(const struct page *page, const struct plot_peak *peak, bool is_whole)
{
	const struct plot_layout *at = page->layout;
	double x = draw_snap(plot_layout_x(at, page->model, peak->x));
	double y = draw_snap(plot_layout_y(at, page->model, peak->y));

	if (!peak->is_shown)
		return;
	draw_pen(page, COLOR_PEAK, is_whole ? PEAK_WIDTH : OTHER_PEAK_WIDTH);
	draw_dash(page, is_whole ? DASH_PEAK : DASH_SHORT_PEAK);
	draw_line(at->left, y, is_whole ? at->right : x, y);
	if (peak->has_time)
		draw_line(x, at->bottom, x, is_whole ? at->top : y);
	draw_dash(page, DASH_NONE);
}

/* Dashes over the curve, in the words' colour: a noisy curve would hide its own. */
static void draw_trend(const struct page *page, const struct plot_curve *curve)
{
	const struct plot_trend *trend = &curve->trend;

	if (!trend->is_shown)
		return;
	draw_pen(page, COLOR_TEXT, TREND_WIDTH);
	draw_dash(page, DASH_TREND);
	draw_line(plot_layout_x(page->layout, page->model, trend->from.x),
		  plot_layout_y(page->layout, page->model, trend->from.y),
		  plot_layout_x(page->layout, page->model, trend->to.x),
		  plot_layout_y(page->layout, page->model, trend->to.y));
	draw_dash(page, DASH_NONE);
}

static void draw_legend_key(const struct page *page, const struct plot_legend_entry *entry,
			    double left, double y)
{
	double from = left + LEGEND_KEY_LEFT_PX, to = left + LEGEND_KEY_RIGHT_PX;
	double half = fmin(page->layout->row_height * 0.32, 6);
	bool is_whole;

	draw_pen(page, entry->color, MAIN_WIDTH);
	switch (entry->key) {
	case PLOT_KEY_MAIN:
	case PLOT_KEY_CHILD:
		if (entry->key == PLOT_KEY_CHILD)
			draw_pen(page, entry->color, CHILD_WIDTH);
		draw_dash(page, (enum draw_dash)entry->dash);
		draw_line(from, y, to, y);
		break;
	case PLOT_KEY_BRACKET:
	case PLOT_KEY_HELD:
		draw_pen(page, entry->color, BRACKET_WIDTH);
		draw_bracket(&(struct bracket_shape){ from + 8, from + 13, y - half, y + half,
						      entry->key == PLOT_KEY_HELD, entry->dash });
		draw_bracket(&(struct bracket_shape){ to - 8, to - 13, y - half, y + half,
						      entry->key == PLOT_KEY_HELD, entry->dash });
		break;
	case PLOT_KEY_LIMIT:
		draw_dash(page, (enum draw_dash)entry->dash);
		draw_line(from, y, to, y);
		break;
	case PLOT_KEY_PEAK:
	case PLOT_KEY_OTHER_PEAK:
		is_whole = entry->key == PLOT_KEY_PEAK;
		draw_pen(page, COLOR_PEAK, is_whole ? PEAK_WIDTH : OTHER_PEAK_WIDTH);
		draw_dash(page, is_whole ? DASH_PEAK : DASH_SHORT_PEAK);
		draw_line(from, y, to, y);
		break;
	case PLOT_KEY_TICK:
		draw_pen(page, entry->color, CHILD_WIDTH);
		draw_line((from + to) / 2, y - half, (from + to) / 2, y + half);
		break;
	case PLOT_KEY_BAR:
		draw_filled_box(from + 8, y - half, to - 8, y + half);
		break;
	case PLOT_KEY_AREA:
		draw_area_key(page, entry->color, from + 8, y - half, to - 8, y + half);
		break;
	case PLOT_KEY_BAND:
		draw_band_key(page, entry->dash != 0, from + 8, y - half, to - 8, y + half);
		break;
	case PLOT_KEY_NONE:
		break;
	}
	draw_dash(page, DASH_NONE);
}

static void draw_legend(const struct page *page)
{
	const struct plot_layout *at = page->layout;

	if (at->legend_count == 0)
		return;
	draw_pen(page, COLOR_FRAME, GRID_WIDTH);
	draw_box(at->legend_left, at->legend_bottom, at->legend_right, at->legend_top);
	for (size_t i = 0; i < at->legend_count; i++) {
		double left = plot_layout_row_x(at, i), y = draw_snap(plot_layout_row_y(at, i));
		bool is_rest = i + 1 == at->legend_count && i + 1 < page->model->legend_count;
		if (!is_rest)
			draw_legend_key(page, &page->model->legend[i], left, y);
		draw_text(page, COLOR_TEXT, left + LEGEND_TEXT_LEFT_PX, y, LEGEND_PX, 0,
			  at->legend_texts[i]);
	}
}

static void draw_ticks(const struct page *page)
{
	static const double half = 9; /* of our units */
	const struct plot_layout *at = page->layout;

	for (size_t i = 0; i < page->model->tick_count; i++) {
		const struct plot_tick *tick = &page->model->ticks[i];
		double x = draw_snap(plot_layout_x(at, page->model, tick->x));
		double y = plot_layout_y(at, page->model, tick->y);
		draw_pen(page, tick->color, CHILD_WIDTH);
		draw_line(x, fmax(y - half, at->bottom), x, fmin(y + half, at->top));
	}
}

/* The part of the page that is drawn on; the units stay those of the layout. */
static void clip_to(const struct page *page, double left, double right, double bottom, double top)
{
	const struct plot_page *paper = &page->layout->page;

	plvpor(left / paper->width, right / paper->width, bottom / paper->height,
	       top / paper->height);
	plwind(left, right, bottom, top);
}

/* What is drawn over the axes, and cut at their frame. */
static void draw_in_frame(const struct page *page)
{
	const struct plot_model *model = page->model;
	const struct plot_layout *at = page->layout;

	/* PLplot places lines a little less exactly on a part of the page. */
	if (model->is_cut)
		clip_to(page, at->left, at->right, at->bottom, at->top);
	draw_areas(page);
	draw_band(page);
	for (size_t i = 0; i < model->curve_count; i++)
		draw_curve(page, &model->curves[i]);
	for (size_t i = 0; i < model->curve_count; i++)
		draw_trend(page, &model->curves[i]);
	draw_limits(page);
	draw_peak(page, &model->peak, true);
	draw_peak(page, &model->other_peak, false);
	draw_brackets(page);
	draw_ticks(page);
	if (model->is_cut)
		clip_to(page, 0, at->page.width, 0, at->page.height);
}

/* A page of millimetres, not of dots, has its own idea of a dot: a point, or our unit. */
static double device_dpi(const char *device, const struct plot_page *page)
{
	static const struct {
		const char *device;
		double dpi;
	} fixed[] = { { "pdfcairo", 72 }, { "epscairo", 72 }, { "svgcairo", 72 },
		      { "svg", 90 },	  { "xcairo", 90 },   { "xwin", 90 } };

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (strcmp(fixed[i].device, device) == 0)
			return fixed[i].dpi;
	}
	return page->dpi;
}

static void open_page(const struct page *page, const char *device, double dpi)
{
	const struct plot_page *paper = &page->layout->page;

	plsdev(device);
	/* Read by PLplot's cairo devices; this process is a drawing's own. */
	if (paper->font != NULL)
		setenv("PLPLOT_FREETYPE_SANS_FAMILY", paper->font, 1);
	plspage(dpi, dpi, (int)lround(paper->width * page->scale),
		(int)lround(paper->height * page->scale), 0, 0);
	draw_set_colors(paper->is_dark);
	plinit();
}

static void draw_page(const struct page *page)
{
	const struct plot_layout *at = page->layout;

	pladv(0);
	plfontld(1);
	plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, PL_FCI_MEDIUM);
	clip_to(page, 0, at->page.width, 0, at->page.height);
	if (at->page.is_bare) {
		draw_grid(page);
	} else {
		draw_time_axis(page);
		draw_memory_axis(page);
		draw_text(page, COLOR_TEXT, at->left, at->title_y, TITLE_PX, 0, at->title);
	}
	draw_in_frame(page);
	draw_beside(page);
	draw_strips(page);
	draw_lanes(page);
	draw_legend(page);
	plend();
}

void plplot_draw(const char *device, const char *file, const struct plot_model *model,
		 const struct plot_layout *layout, void (*opened)(void *data), void *data)
{
	double dpi = device_dpi(device, &layout->page);
	struct page page = { model, layout, dpi / PLOT_PAGE_UNITS_PER_INCH };

	if (file != NULL)
		plsfnam(file);
	else
		plsetopt("plwindow", "mprof-trace");
	open_page(&page, device, dpi);
	opened(data);
	draw_page(&page);
}

void plplot_draw_pixels(uint32_t *pixels, size_t width, size_t height,
			const struct plot_model *model, const struct plot_layout *layout)
{
	struct page page = { model, layout, layout->page.dpi / PLOT_PAGE_UNITS_PER_INCH };
	struct rgba paper = palette_rgba(COLOR_PAPER, layout->page.is_dark);
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
		(unsigned char *)pixels, CAIRO_FORMAT_RGB24, (int)width, (int)height,
		(int)(width * sizeof(*pixels)));
	cairo_t *cairo = cairo_create(surface);

	/* PLplot leaves to its caller what an external context is drawn on. */
	cairo_set_source_rgb(cairo, paper.red / 255.0, paper.green / 255.0, paper.blue / 255.0);
	cairo_paint(cairo);
	open_page(&page, "extcairo", layout->page.dpi);
	pl_cmd(PLESC_DEVINIT, cairo);
	draw_page(&page);
	cairo_destroy(cairo);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
}
