/* Colours on a page of characters; see term_page.h. Plot layer. */
#include "plot/term/term_page.h"

#include "plot/model/palette.h"

void term_put_color(FILE *out, const struct term_page *page, int color)
{
	if (!page->has_color)
		return;
	if (color == TERM_NO_COLOR) {
		fputs("\033[0m", out);
		return;
	}
	struct rgba rgba = palette_rgba((size_t)color, page->is_dark);
	fprintf(out, "\033[38;2;%d;%d;%dm", rgba.red, rgba.green, rgba.blue);
}
