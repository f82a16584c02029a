/*
 * A plot in a window of our own, to zoom into, to move in and to point at (plot layer).
 */
#ifndef PLOT_WINDOW_PLOT_WINDOW_H
#define PLOT_WINDOW_PLOT_WINDOW_H

#include "plot/window/window_source.h"

/*
 * Shows the window and returns when it is closed. *@ret_shown is false, without an error, where no
 * display can be opened.
 */
struct error *plot_window_show(const struct plot_window_source *source, bool *ret_shown) MUST_CHECK;

#endif
