/*
 * A window on a file that grows: when to look for more, and what that changes (plot layer). Harmless on
 * one that does not.
 */
#ifndef PLOT_WINDOW_WINDOW_FOLLOW_H
#define PLOT_WINDOW_WINDOW_FOLLOW_H

#include "plot/window/window_state.h"

/* Whether more may come: the file is followed, and does not say that its recording has ended. */
bool window_is_following(const struct window *window);

/* The end of the longest profile, since its zero_ns. */
int64_t window_find_end(const struct plot_window_source *source);

/* What is said where there is nothing else to say. */
const char *window_hint(const struct window *window);

/* A drawing begins, and is there: the next look is the later the longer it took. */
void window_follow_draws(struct window *window);
void window_follow_drawn(struct window *window);

/* How long to wait for the user before there is to be looked for more; -1: any time. */
int window_patience_ms(const struct window *window);

/* Not while the user drags over what is there, or types. */
struct error *window_look_for_more(struct window *window) MUST_CHECK;

#endif
