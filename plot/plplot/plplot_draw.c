/* Lines, shapes and text with PLplot; see plplot_draw.h. Plot layer. */
#include "plot/plplot/plplot_draw.h"
#include "plot/model/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plplot/plplot.h>

/* PLplot takes its cairo devices for 90 dots an inch whatever the page says: sizes are scaled here.
 * The em of PLplot's fonts, in units, for each millimetre of character height.
 */
static const double EM_PX_PER_MM = 3.7;

void draw_set_colors(bool is_dark)
{
	int red[DRAW_COLORS] = { 0 }, green[DRAW_COLORS] = { 0 }, blue[DRAW_COLORS] = { 0 };
	double alpha[DRAW_COLORS] = { 0 };

	for (size_t i = 0; i < palette_count() && i < DRAW_TINT; i++) {
		struct rgba color = palette_rgba(i, is_dark);
		red[i] = color.red;
		green[i] = color.green;
		blue[i] = color.blue;
		alpha[i] = color.alpha;
	}
	plscmap0a(red, green, blue, alpha, DRAW_COLORS);
}

void draw_pen(const struct page *page, int color, double width)
{
	plcol0(color);
	plwidth(width * page->scale);
}

void draw_tint(const struct page *page, int color, double strength)
{
	struct rgba full = palette_rgba((size_t)color, page->layout->page.is_dark);
	struct rgba paper = palette_rgba(COLOR_PAPER, page->layout->page.is_dark);

	plscol0(DRAW_TINT, paper.red + (int)lround((full.red - paper.red) * strength),
		paper.green + (int)lround((full.green - paper.green) * strength),
		paper.blue + (int)lround((full.blue - paper.blue) * strength));
	plcol0(DRAW_TINT);
}

void draw_dash(const struct page *page, enum draw_dash dash)
{
	enum { MOST = 3 };
	static const struct {
		int count, marks_um[MOST], spaces_um[MOST];
	} dashes[] = {
		[1] = { 1, { 3000 }, { 1000 } },
		[2] = { 1, { 900 }, { 900 } },
		[3] = { 2, { 3000, 700 }, { 800, 800 } },
		[4] = { 3, { 3000, 700, 700 }, { 800, 800, 800 } },
		[5] = { 1, { 6000 }, { 1500 } },
		[DASH_PEAK] = { 1, { 1100 }, { 700 } },
		[DASH_SHORT_PEAK] = { 1, { 900 }, { 900 } },
		[DASH_TREND] = { 1, { 2400 }, { 900 } },
	};
	int marks_um[MOST], spaces_um[MOST];

	for (size_t i = 0; i < MOST; i++) {
		marks_um[i] = (int)(dashes[dash].marks_um[i] * page->scale);
		spaces_um[i] = (int)(dashes[dash].spaces_um[i] * page->scale);
	}
	plstyl(dashes[dash].count, marks_um, spaces_um);
}

void draw_line(double x1, double y1, double x2, double y2)
{
	plline(2, (double[]){ x1, x2 }, (double[]){ y1, y2 });
}

void draw_box(double left, double bottom, double right, double top)
{
	plline(5, (double[]){ left, right, right, left, left },
	       (double[]){ bottom, bottom, top, top, bottom });
}

double draw_snap(double position)
{
	return floor(position) + 0.5;
}

/* PLplot fills to the middle of the pixels at its edges. */
void draw_filled_box(double left, double bottom, double right, double top)
{
	left = draw_snap(left);
	right = draw_snap(right);
	bottom = draw_snap(bottom);
	plfill(4, (double[]){ left, right, right, left }, (double[]){ bottom, bottom, top, top });
}

/* '#' begins an escape sequence of PLplot's; "##" is the character itself. */
static void draw_any_text(const struct page *page, int color, double x, double y, double size_px,
			  double justify, bool is_upright, const char *text)
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
	plschr(size_px * page->scale / EM_PX_PER_MM, 1);
	plcol0(color);
	plptex(x, y, is_upright ? 0 : 1, is_upright ? 1 : 0, justify, escaped);
	free(escaped);
}

void draw_text(const struct page *page, int color, double x, double y, double size_px,
	       double justify, const char *text)
{
	draw_any_text(page, color, x, y, size_px, justify, false, text);
}

void draw_upright_text(const struct page *page, double x, double y, double size_px,
		       const char *text)
{
	draw_any_text(page, COLOR_TEXT, x, y, size_px, 0.5, true, text);
}
