/*
 * Draws a plot_model with PLplot (plot layer; the only includer of plplot).
 *
 * PLplot prints menus, reads stdin and calls exit() when something is wrong: call these in a
 * process of their own only, as plot_output does. What they print on stderr is for the user.
 */
#ifndef PLOT_PLPLOT_PLPLOT_RENDERER_H
#define PLOT_PLPLOT_PLPLOT_RENDERER_H

#include <stdint.h>

#include "plot/layout/layout_geometry.h"
#include "plot/model/plot_model.h"

/* True if this PLplot has the device. */
bool plplot_has_device(const char *device);

/*
 * Draws on @device. @file is what a file device writes, NULL for a window of PLplot's own. @opened
 * is called when the device is there. Returns when the file is written or the window is closed.
 */
void plplot_draw(const char *device, const char *file, const struct plot_model *model,
		 const struct plot_layout *layout, void (*opened)(void *data), void *data);

/*
 * Draws on @width x @height pixels of 0x00RRGGBB, those of the layout's page in its dots an inch,
 * the uppermost row first.
 */
void plplot_draw_pixels(uint32_t *pixels, size_t width, size_t height,
			const struct plot_model *model, const struct plot_layout *layout);

#endif
