/* Tooltips in an SVG; see svg_tips.h. Plot layer. */
#include "plot/svg_tips.h"

#include <math.h>
#include <string.h>

#include "plot/text.h"

/* Pieces of a curve that have words of their own. */
enum { CURVE_PIECES = 150 };

struct tips {
	FILE *out;
	const struct plot_model *model;
	const struct plot_layout *layout;
};

/* Text between tags. Control characters are no XML, but for the newline of a title. */
static void put_text(FILE *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		switch (*c) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			if ((unsigned char)*c >= 0x20 || *c == '\n')
				fputc(*c, out);
		}
	}
}

static void put_title(FILE *out, const char *text)
{
	fputs("<title>", out);
	put_text(out, text);
	fputs("</title>", out);
}

/* A rectangle in the layout's units; SVG's y goes down. */
static void put_box(const struct tips *tips, double left, double bottom, double right, double top,
		    const char *title)
{
	fprintf(tips->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">", left,
		tips->layout->page.height - top, fmax(right - left, 0.5), fmax(top - bottom, 0.5));
	put_title(tips->out, title);
	fputs("</rect>\n", tips->out);
}

/* "12.3 MiB at 4.5 s", and the name of whose memory it is. */
static void format_piece(char *title, size_t room, const struct tips *tips, const char *name,
			 const struct plot_point *point)
{
	char memory[TEXT_FIGURE_BYTES];

	text_format_memory(memory, point->y * tips->model->y.per_unit);
	snprintf(title, room, "%s\n%s at %.6g %s", name, memory, point->x, tips->model->x.unit);
}

/* The name of a curve is that of the legend entry in its colour and dashes. */
static const char *curve_name(const struct plot_model *model, const struct plot_curve *curve)
{
	for (size_t i = 0; i < model->legend_count; i++) {
		const struct plot_legend_entry *entry = &model->legend[i];
		if ((entry->key == PLOT_KEY_MAIN || entry->key == PLOT_KEY_CHILD) &&
		    entry->color == curve->color && entry->dash == curve->dash &&
		    (entry->key == PLOT_KEY_CHILD) == curve->is_child)
			return entry->name;
	}
	return curve->is_child ? "child" : "memory";
}

static void put_curve(const struct tips *tips, const struct plot_curve *curve)
{
	const char *name = curve_name(tips->model, curve);
	size_t step = curve->count / CURVE_PIECES + 1;
	char title[512];

	for (size_t i = 0; i < curve->count; i += step) {
		size_t end = i + step < curve->count ? i + step : curve->count - 1;
		fputs("<polyline points=\"", tips->out);
		for (size_t k = i; k <= end; k++)
			fprintf(tips->out, "%.2f,%.2f ",
				plot_layout_x(tips->layout, tips->model, curve->points[k].x),
				tips->layout->page.height - plot_layout_y(tips->layout, tips->model,
									  curve->points[k].y));
		fputs("\">", tips->out);
		format_piece(title, sizeof(title), tips, name, &curve->points[(i + end) / 2]);
		put_title(tips->out, title);
		fputs("</polyline>\n", tips->out);
	}
}

static void put_strip(const struct tips *tips, size_t index)
{
	const struct plot_strip *strip = &tips->model->strips[index];
	const struct plot_layout *at = tips->layout;
	double width = (at->right - at->left) / PLOT_STRIP_CELLS;
	double top = plot_layout_strip_top(at, index);

	for (size_t i = 0; i < PLOT_STRIP_CELLS; i++) {
		const struct plot_strip_cell *cell = &strip->cells[i];
		char rate[TEXT_FIGURE_BYTES], title[512];
		if (cell->calls_per_s <= 0 && cell->busy <= 0)
			continue;
		text_format_count(rate, cell->calls_per_s);
		snprintf(title, sizeof(title), "%.300s\n%s calls/s, %.0f %% of the time, %+.3g MiB",
			 strip->name, rate, cell->busy * 100, cell->gained_mib);
		double left = at->left + (double)i * width;
		put_box(tips, left, top - STRIP_PX + STRIP_GAP_PX, left + width,
			top - STRIP_TEXT_PX, title);
	}
}

static void put_lanes(const struct tips *tips)
{
	const struct plot_layout *at = tips->layout;
	size_t bar = 0;

	for (size_t i = 0; i < at->lane_count; i++) {
		const struct plot_lane *lane = &tips->model->lanes[i];
		double lane_top = plot_layout_lane_top(at, tips->model, i);
		for (; bar < tips->model->bar_count &&
		       tips->model->bars[bar].row < lane->first_row + lane->row_count;
		     bar++) {
			const struct plot_bar *b = &tips->model->bars[bar];
			double top =
				lane_top - (double)(b->row - lane->first_row) * at->lane_row_px;
			put_box(tips, plot_layout_x(at, tips->model, b->x1), top - at->lane_row_px,
				plot_layout_x(at, tips->model, b->x2), top, b->tip);
		}
	}
}

static void put_brackets(const struct tips *tips)
{
	static const double reach = 3;

	for (size_t i = 0; i < tips->model->bracket_count; i++) {
		const struct bracket_place *place = &tips->layout->brackets[i];
		double left = fmin(place->x, place->foot_x), right = fmax(place->x, place->foot_x);
		put_box(tips, left - reach, place->low, right + reach, place->high,
			tips->model->calls[tips->model->brackets[i].call].tip);
	}
}

static void put_tips(const struct tips *tips)
{
	fputs("<style>.tips rect:hover{fill-opacity:.18}.tips polyline:hover{stroke-opacity:.3}"
	      "</style>\n<g class=\"tips\" fill=\"#808080\" fill-opacity=\"0\" "
	      "pointer-events=\"all\">\n"
	      "<g fill=\"none\" stroke=\"#808080\" stroke-width=\"7\" stroke-opacity=\"0\" "
	      "pointer-events=\"stroke\">\n",
	      tips->out);
	for (size_t i = 0; i < tips->model->curve_count; i++)
		put_curve(tips, &tips->model->curves[i]);
	fputs("</g>\n", tips->out);
	for (size_t i = 0; i < tips->layout->strip_count; i++)
		put_strip(tips, i);
	put_lanes(tips);
	put_brackets(tips);
	fputs("</g>\n", tips->out);
}

/* Copies PLplot's text; its only font is a generic one, and a chosen one goes in front of it. */
static void put_svg(FILE *out, const char *svg, size_t bytes, const char *font)
{
	static const char generic[] = "font-family=\"sans-serif\"";
	const char *end = svg + bytes, *found;

	while (font != NULL &&
	       (found = memmem(svg, (size_t)(end - svg), generic, sizeof(generic) - 1)) != NULL) {
		fwrite(svg, 1, (size_t)(found - svg), out);
		fputs("font-family=\"", out);
		put_text(out, font);
		fputs(", sans-serif\"", out);
		svg = found + sizeof(generic) - 1;
	}
	fwrite(svg, 1, (size_t)(end - svg), out);
}

struct error *svg_add_tips(FILE *out, const char *svg, size_t bytes, const struct plot_model *model,
			   const struct plot_layout *layout)
{
	static const char closing[] = "</svg>";
	struct tips tips = { out, model, layout };
	size_t at = bytes;

	while (at > 0 && (bytes - at < sizeof(closing) - 1 ||
			  memcmp(svg + at, closing, sizeof(closing) - 1) != 0))
		at--;
	if (at == 0)
		return error_new(ERR_FAILED, "PLplot wrote no whole SVG");
	put_svg(out, svg, at, layout->page.font);
	put_tips(&tips);
	fputs("</svg>\n", out);
	return NULL;
}
