/* A plot on the terminal; see plot_terminal.h. Cli layer. */
#include "tracer/cli/plot/plot_terminal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plot/layout/plot_layout.h"
#include "plot/plplot/plot_pixels.h"
#include "plot/term/chafa_picture.h"
#include "plot/term/term_plot.h"
#include "tracer/base/terminal_size.h"

/* Dots of a character on a usual terminal, where neither terminal nor system say. */
static const size_t USUAL_CELL_WIDTH = 10, USUAL_CELL_HEIGHT = 20;

static struct error *draw_picture(const struct plot_settings *settings,
				  const struct plot_model *model, const struct chafa_area *area,
				  enum chafa_way way, struct term_page *page, char **ret)
{
	/* Lines as thick, beside the words, as on a page. */
	double scale = fmax((double)area->cell_height / (double)USUAL_CELL_HEIGHT, 0.5);
	struct plot_page paper = settings->page;
	struct plot_layout layout;
	struct plot_pixels pixels = { 0 };

	paper.is_bare = true;
	paper.dpi = PLOT_PAGE_UNITS_PER_INCH * scale;
	paper.width = (double)(area->columns * area->cell_width) / scale;
	paper.height = (double)(area->rows * area->cell_height) / scale;
	struct error *err = plot_layout_init(&layout, model, &paper);
	if (err != NULL)
		return err;
	err = plot_pixels_start(&pixels, model, &layout);
	if (err == NULL)
		err = plot_pixels_finish(&pixels);
	if (err == NULL)
		err = chafa_encode(pixels.pixels, area, way, ret, &page->picture_bytes);
	if (err == NULL)
		page->picture = *ret;
	plot_pixels_deinit(&pixels);
	plot_layout_deinit(&layout);
	return err;
}

/* What the terminal says, else the system, else what is usual. */
static void find_cell(const struct term_answer *answer, const struct winsize *size,
		      struct chafa_area *ret)
{
	ret->cell_width = USUAL_CELL_WIDTH;
	ret->cell_height = USUAL_CELL_HEIGHT;
	if (answer->cell_width >= 2 && answer->cell_height >= 4) {
		ret->cell_width = answer->cell_width;
		ret->cell_height = answer->cell_height;
	} else if (size->ws_col > 0 && size->ws_xpixel / size->ws_col >= 2 && size->ws_row > 0 &&
		   size->ws_ypixel / size->ws_row >= 4) {
		ret->cell_width = size->ws_xpixel / size->ws_col;
		ret->cell_height = size->ws_ypixel / size->ws_row;
	}
}

/* On a terminal with colours: in pixels, if it can. *@ret is the picture's memory. */
static struct error *try_picture(const struct plot_settings *settings,
				 const struct plot_model *model, const struct winsize *size,
				 struct term_page *page, char **ret)
{
	struct term_answer answer;
	struct chafa_area area;

	if (!term_query(STDOUT_FILENO, &answer))
		return NULL;
	enum chafa_way way = chafa_choose_way(&answer);
	if (way == CHAFA_WAY_NONE)
		return NULL;
	find_cell(&answer, size, &area);
	term_plot_area(model, page, &area.columns, &area.rows);
	return draw_picture(settings, model, &area, way, page, ret);
}

/* As large as the terminal is; where stdout is none, as the usual one, without colours. */
struct error *plot_terminal_draw(const struct plot_settings *settings, struct plot_model *model)
{
	struct winsize size = { 0 };
	struct term_page page = { .columns = 80, .rows = 24, .is_dark = settings->page.is_dark };
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	char *picture = NULL;
	struct error *err = NULL;

	if (isatty(STDOUT_FILENO) == 1) {
		page.has_color = no_color == NULL || no_color[0] == '\0';
		if (terminal_size_read(STDOUT_FILENO, &size)) {
			page.columns = size.ws_col;
			page.rows = size.ws_row;
		}
	}
	term_plot_even_axis(model, &page);
	if (page.has_color)
		err = try_picture(settings, model, &size, &page, &picture);
	if (err == NULL)
		err = term_plot_write(stdout, model, &page);
	if (err == NULL && fflush(stdout) != 0)
		err = error_os(errno, "cannot write the plot");
	free(picture);
	return err;
}
