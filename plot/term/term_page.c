/* Words and colours on a page of characters; see term_page.h. Plot layer. */
#include "plot/term/term_page.h"

#include <stdlib.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/text/text.h"

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

size_t term_text_columns(const char *text)
{
	size_t columns = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		if ((*c & 0xc0) == 0x80)
			continue;
		/* East Asian letters begin at U+1100; a bracket or an arrow before them is narrow. */
		columns += *c >= 0xe3 && *c != 0xef ? 2 : 1;
	}
	return columns;
}

char *term_fit_columns(const char *text, size_t columns)
{
	double width_em = text_width_em(text);
	char *fit = strdup(text);

	while (fit != NULL && term_text_columns(fit) > columns && width_em > 1) {
		free(fit);
		width_em *= 0.97;
		fit = text_shorten(text, width_em);
	}
	return fit;
}
