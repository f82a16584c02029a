/*
 * What part of a plot is looked at, and the steps that led there (plot layer). Pure.
 */
#ifndef PLOT_WINDOW_PLOT_VIEW_H
#define PLOT_WINDOW_PLOT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Times are nanoseconds since the profile's first. */
struct plot_view {
	int64_t from_ns, to_ns;	  /* to > from */
	bool has_memory;	  /* else from 0 to above all that is seen */
	double low_mib, high_mib; /* 0 <= low < high */
};

enum { PLOT_VIEW_STEPS = 100 };

struct plot_views {
	struct plot_view whole;			 /* none reaches further in time */
	struct plot_view steps[PLOT_VIEW_STEPS]; /* the oldest but the first are forgotten */
	size_t count;				 /* at least 1; the last one is looked at */
};

/* @first is looked at first, and after a reset. */
void plot_views_init(struct plot_views *views, int64_t end_ns, const struct plot_view *first);

/*
 * There is more to see: views that reach to the end show the new one, all of it or as much as before. Of
 * less, which is something else, all is looked at.
 */
void plot_views_grow(struct plot_views *views, int64_t end_ns);

/* Valid until the next change. */
const struct plot_view *plot_views_current(const struct plot_views *views);

/* Whether that is all of the time, and memory without a range. */
bool plot_views_is_whole(const struct plot_views *views);

/*
 * Looks at @view, brought within what there is to see. @replaces: as part of the last step, which
 * must not be the first; not a step of its own. False when nothing changes.
 */
bool plot_views_go(struct plot_views *views, const struct plot_view *view, bool replaces);

/* To the view before; false when there is none. */
bool plot_views_back(struct plot_views *views);

/* To the first view, or from there to all of it. False when that is what is looked at. */
bool plot_views_reset(struct plot_views *views);

/* @factor below 1 zooms in; @at_ns, @at_mib stay where they are. */
struct plot_view plot_view_zoom_time(const struct plot_view *view, double at_ns, double factor);
struct plot_view plot_view_zoom_memory(const struct plot_view *view, double at_mib, double factor);

/* Moves both ranges; memory only if it has one. */
struct plot_view plot_view_move(const struct plot_view *view, double by_ns, double by_mib);

#endif
