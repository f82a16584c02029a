/*
 * What the user's keys and pointer do to a window (plot layer).
 */
#ifndef PLOT_WINDOW_WINDOW_INPUT_H
#define PLOT_WINDOW_WINDOW_INPUT_H

#include "plot/window/window_state.h"

/* Takes note of an event; what follows from it is in the needs_ and wants_ flags. */
void window_handle_event(struct window *window, const struct window_event *event);

/*
 * The box between two corners that is being dragged, on the page: over the whole frame where only one
 * range is chosen.
 */
struct x11_box window_dragged_box(const struct window *window);

#endif
