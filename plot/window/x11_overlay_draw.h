/* How an overlay is drawn (plot layer, private to x11_window). */
#ifndef PLOT_WINDOW_X11_OVERLAY_DRAW_H
#define PLOT_WINDOW_X11_OVERLAY_DRAW_H

#include <cairo.h>

#include "plot/window/x11_overlay.h"

/* @cairo: dots from the upper left corner. */
void x11_overlay_draw(cairo_t *cairo, const struct x11_overlay *overlay);

#endif
