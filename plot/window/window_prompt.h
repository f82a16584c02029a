/*
 * The line at a window's foot: news, and the path to save to (plot layer).
 */
#ifndef PLOT_WINDOW_WINDOW_PROMPT_H
#define PLOT_WINDOW_WINDOW_PROMPT_H

#include "plot/window/window_state.h"

/* Asks for a path to save to; then keys are the prompt's. */
void window_prompt_start(struct window *window);
void window_prompt_edit(struct window *window, const struct window_event *event);

void window_say(struct window *window, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
