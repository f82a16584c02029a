/*
 * A plot as pixels in memory, drawn by a process of its own (plot layer).
 */
#ifndef PLOT_PLPLOT_PLOT_PIXELS_H
#define PLOT_PLPLOT_PLOT_PIXELS_H

#include <stddef.h>
#include <stdint.h>

#include "plot/layout/layout_geometry.h"
#include "plot/model/plot_model.h"
#include "plot/plplot/plot_child.h"

struct plot_pixels {
	uint32_t *pixels; /* 0x00RRGGBB, the uppermost row first; shared with the child */
	size_t width, height;
	struct plot_child child; /* while it draws */
	const struct plot_model *model;
	const struct plot_layout *layout;
};

/*
 * Starts to draw, on as many pixels as the layout's page has at its dots an inch; @model and @layout
 * are borrowed for that moment. @pixels: zeroed, or of a drawing that has been finished; its room is
 * used again.
 */
struct error *plot_pixels_start(struct plot_pixels *pixels, const struct plot_model *model,
				const struct plot_layout *layout) MUST_CHECK;

/* Waits for the end of the drawing; poll(pixels->child.said_fd) tells when it does not wait. */
struct error *plot_pixels_finish(struct plot_pixels *pixels) MUST_CHECK;

void plot_pixels_deinit(struct plot_pixels *pixels);

#endif
