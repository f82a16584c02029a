/* Tooltips in an SVG; see svg_tips.h. Plot layer. */
#include "plot/plplot/svg_tips.h"

#include <math.h>
#include <string.h>

#include "plot/layout/plot_tips.h"
#include "plot/text/markup.h"

/* Pieces of a curve that have words of their own. */
enum { CURVE_PIECES = 150 };

struct tips {
	FILE *out;
	const struct plot_model *model;
	const struct plot_layout *layout;
};

static void put_title(FILE *out, const char *text)
{
	fputs("<title>", out);
	markup_put_text(out, text);
	fputs("</title>", out);
}

/* A rectangle in the layout's units; SVG's y goes down. */
static void put_box(void *data, const struct plot_tip_box *box)
{
	const struct tips *tips = data;

	fprintf(tips->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">", box->left,
		tips->layout->page.height - box->top, fmax(box->right - box->left, 0.5),
		fmax(box->top - box->bottom, 0.5));
	put_title(tips->out, box->text);
	fputs("</rect>\n", tips->out);
}

static void put_curve(const struct tips *tips, const struct plot_curve *curve)
{
	size_t step = curve->count / CURVE_PIECES + 1;
	char title[PLOT_TIP_BYTES];

	for (size_t i = 0; i < curve->count; i += step) {
		size_t end = i + step < curve->count ? i + step : curve->count - 1;
		fputs("<polyline points=\"", tips->out);
		for (size_t k = i; k <= end; k++)
			fprintf(tips->out, "%.2f,%.2f ",
				plot_layout_x(tips->layout, tips->model, curve->points[k].x),
				tips->layout->page.height - plot_layout_y(tips->layout, tips->model,
									  curve->points[k].y));
		fputs("\">", tips->out);
		plot_tip_of_point(title, tips->model, curve, &curve->points[(i + end) / 2]);
		put_title(tips->out, title);
		fputs("</polyline>\n", tips->out);
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
	struct tips boxes = *tips;
	plot_tips_visit(tips->model, tips->layout, put_box, &boxes);
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
		markup_put_text(out, font);
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
