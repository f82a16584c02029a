/* Tooltip, selection and help with cairo and pango; see x11_overlay_draw.h. Plot layer. */
#include "plot/window/x11_overlay_draw.h"

#include <math.h>
#include <string.h>

#include <pango/pangocairo.h>

#include "plot/model/palette.h"

static const double TEXT_PX = 12, PADDING = 7, TIP_WIDTH = 460, TIP_APART = 14, ROUNDING = 4;

struct overlay_canvas {
	cairo_t *cairo;
	const struct x11_overlay *overlay;
};

static void set_color(const struct overlay_canvas *canvas, int color, double alpha)
{
	struct rgba rgba = palette_rgba((size_t)color, canvas->overlay->is_dark);

	cairo_set_source_rgba(canvas->cairo, rgba.red / 255.0, rgba.green / 255.0,
			      rgba.blue / 255.0, alpha);
}

/* In pango's own direction: y downwards. Owned. */
static PangoLayout *make_text(const struct overlay_canvas *canvas, const char *text, double width)
{
	PangoLayout *layout = pango_cairo_create_layout(canvas->cairo);
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(
		font, canvas->overlay->font != NULL ? canvas->overlay->font : "Sans");
	pango_font_description_set_absolute_size(font, TEXT_PX * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_text(layout, text, -1);
	pango_layout_set_width(layout, (int)(fmax(width, 1) * PANGO_SCALE));
	return layout;
}

static void set_bold(PangoLayout *layout, size_t bytes)
{
	PangoAttrList *attributes = pango_attr_list_new();
	PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

	bold->start_index = 0;
	bold->end_index = (guint)bytes;
	pango_attr_list_insert(attributes, bold);
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
}

/* A panel of paper; left and top, downwards. */
static void draw_panel(const struct overlay_canvas *canvas, double left, double top, double width,
		       double height)
{
	cairo_t *cairo = canvas->cairo;
	double right = left + width, bottom = top + height, r = ROUNDING;

	cairo_new_sub_path(cairo);
	cairo_arc(cairo, right - r, top + r, r, -M_PI / 2, 0);
	cairo_arc(cairo, right - r, bottom - r, r, 0, M_PI / 2);
	cairo_arc(cairo, left + r, bottom - r, r, M_PI / 2, M_PI);
	cairo_arc(cairo, left + r, top + r, r, M_PI, 3 * M_PI / 2);
	cairo_close_path(cairo);
	set_color(canvas, COLOR_PAPER, 0.98);
	cairo_fill_preserve(cairo);
	set_color(canvas, COLOR_SPINE, 0.8);
	cairo_set_line_width(cairo, 1);
	cairo_stroke(cairo);
}

static void draw_text_at(const struct overlay_canvas *canvas, PangoLayout *layout, double left,
			 double top, double alpha)
{
	set_color(canvas, COLOR_TEXT, alpha);
	cairo_move_to(canvas->cairo, left, top);
	pango_cairo_show_layout(canvas->cairo, layout);
}

/* Beside the pointer, on the side where there is room. */
static void draw_tip(const struct overlay_canvas *canvas)
{
	const struct x11_overlay *overlay = canvas->overlay;
	double room = overlay->width - 2 * PADDING - 4;
	PangoLayout *layout = make_text(canvas, overlay->tip, fmin(TIP_WIDTH, room));
	int text_width, text_height;

	set_bold(layout, strcspn(overlay->tip, "\n"));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_get_pixel_size(layout, &text_width, &text_height);
	double width = text_width + 2 * PADDING, height = text_height + 2 * PADDING;
	double left = overlay->tip_x + TIP_APART,
	       top = overlay->height - overlay->tip_y + TIP_APART;
	if (left + width > overlay->width - 2)
		left = overlay->tip_x - TIP_APART - width;
	if (top + height > overlay->height - 2)
		top = overlay->height - overlay->tip_y - TIP_APART - height;
	left = floor(fmax(left, 2)) + 0.5;
	top = floor(fmax(top, 2)) + 0.5;
	draw_panel(canvas, left, top, width, height);
	draw_text_at(canvas, layout, left + PADDING, top + PADDING, 1);
	g_object_unref(layout);
}

static void draw_box(const struct overlay_canvas *canvas, const struct x11_box *box, int color,
		     double fill, double line)
{
	double top = canvas->overlay->height - box->top;

	cairo_rectangle(canvas->cairo, floor(box->left) + 0.5, floor(top) + 0.5,
			floor(box->right - box->left), floor(box->top - box->bottom));
	set_color(canvas, color, fill);
	cairo_fill_preserve(canvas->cairo);
	set_color(canvas, color, line);
	cairo_set_line_width(canvas->cairo, 1);
	cairo_stroke(canvas->cairo);
}

static void draw_point(const struct overlay_canvas *canvas)
{
	const struct x11_overlay *overlay = canvas->overlay;

	cairo_arc(canvas->cairo, overlay->point_x, overlay->height - overlay->point_y, 4, 0,
		  2 * M_PI);
	set_color(canvas, COLOR_PAPER, 1);
	cairo_fill_preserve(canvas->cairo);
	set_color(canvas, overlay->point_color, 1);
	cairo_set_line_width(canvas->cairo, 2);
	cairo_stroke(canvas->cairo);
}

/* News in a panel; a hint in the page's margin. */
static void draw_status(const struct overlay_canvas *canvas)
{
	const struct x11_overlay *overlay = canvas->overlay;
	PangoLayout *layout = make_text(canvas, overlay->status, overlay->width - 4 * PADDING);
	int text_width, text_height;

	pango_layout_set_ellipsize(layout, overlay->is_status_plain ? PANGO_ELLIPSIZE_END
								    : PANGO_ELLIPSIZE_MIDDLE);
	pango_layout_get_pixel_size(layout, &text_width, &text_height);
	if (overlay->is_status_plain) {
		draw_text_at(canvas, layout, PADDING, overlay->height - text_height - 1, 0.55);
	} else {
		double height = text_height + PADDING;
		double top = floor(overlay->height - height - 3) + 0.5;
		draw_panel(canvas, 3.5, top, text_width + 2 * PADDING, height);
		draw_text_at(canvas, layout, 3.5 + PADDING, top + PADDING / 2, 1);
	}
	g_object_unref(layout);
}

static void draw_help(const struct overlay_canvas *canvas)
{
	static const double keys_width = 170, line = 19, panel_width = 470;
	const struct x11_overlay *overlay = canvas->overlay;
	double width = fmin(panel_width, overlay->width - 8);
	double height = (double)overlay->help_count * line + 2 * PADDING;
	double left = floor(fmax((overlay->width - width) / 2, 4)) + 0.5;
	double top = floor(fmax((overlay->height - height) / 2, 4)) + 0.5;

	draw_panel(canvas, left, top, width, height);
	for (size_t i = 0; i < overlay->help_count; i++) {
		double y = top + PADDING + (double)i * line;
		PangoLayout *keys = make_text(canvas, overlay->help[i][0], keys_width);
		PangoLayout *what =
			make_text(canvas, overlay->help[i][1], width - keys_width - 2 * PADDING);
		pango_layout_set_ellipsize(what, PANGO_ELLIPSIZE_END);
		set_bold(keys, strlen(overlay->help[i][0]));
		draw_text_at(canvas, keys, left + PADDING, y, 1);
		draw_text_at(canvas, what, left + PADDING + keys_width, y, 1);
		g_object_unref(keys);
		g_object_unref(what);
	}
}

void x11_overlay_draw(cairo_t *cairo, const struct x11_overlay *overlay)
{
	const struct overlay_canvas canvas = { cairo, overlay };

	cairo_save(cairo);
	cairo_scale(cairo, overlay->scale, overlay->scale);
	if (overlay->has_selection)
		draw_box(&canvas, &overlay->selection, COLOR_MAIN, 0.12, 0.9);
	if (overlay->has_outline)
		draw_box(&canvas, &overlay->outline, COLOR_TEXT, 0.08, 0.6);
	if (overlay->has_point)
		draw_point(&canvas);
	draw_status(&canvas);
	if (overlay->help != NULL)
		draw_help(&canvas);
	else if (overlay->tip != NULL)
		draw_tip(&canvas);
	cairo_restore(cairo);
}
