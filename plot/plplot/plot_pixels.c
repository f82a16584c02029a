/* A plot as pixels in memory; see plot_pixels.h. Plot layer. */
#include "plot/plplot/plot_pixels.h"

#include <errno.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plot/plplot/plplot_renderer.h"

static const char DEVICE[] = "extcairo";

static void draw(void *data)
{
	const struct plot_pixels *pixels = data;

	if (!plplot_has_device(DEVICE))
		_exit(PLOT_CHILD_NO_DEVICE);
	plplot_draw_pixels(pixels->pixels, pixels->width, pixels->height, pixels->model,
			   pixels->layout);
}

/* As large as the page is now. */
static struct error *make_room(struct plot_pixels *pixels, const struct plot_page *page)
{
	double scale = page->dpi / PLOT_PAGE_UNITS_PER_INCH;
	size_t width = (size_t)lround(fmax(page->width * scale, 1));
	size_t height = (size_t)lround(fmax(page->height * scale, 1));

	if (pixels->pixels != NULL && width == pixels->width && height == pixels->height)
		return NULL;
	plot_pixels_deinit(pixels);
	void *room = mmap(NULL, width * height * sizeof(*pixels->pixels), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		return error_os(errno, "no memory for %zu x %zu pixels", width, height);
	pixels->pixels = room;
	pixels->width = width;
	pixels->height = height;
	return NULL;
}

struct error *plot_pixels_start(struct plot_pixels *pixels, const struct plot_model *model,
				const struct plot_layout *layout)
{
	struct error *err = make_room(pixels, &layout->page);

	if (err != NULL)
		return err;
	pixels->model = model;
	pixels->layout = layout;
	return plot_child_start(&pixels->child, draw, pixels);
}

struct error *plot_pixels_finish(struct plot_pixels *pixels)
{
	return plot_child_end(&pixels->child, DEVICE);
}

void plot_pixels_deinit(struct plot_pixels *pixels)
{
	if (pixels->pixels != NULL)
		munmap(pixels->pixels, pixels->width * pixels->height * sizeof(*pixels->pixels));
	*pixels = (struct plot_pixels){ 0 };
}
