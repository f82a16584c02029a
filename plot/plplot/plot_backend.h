/*
 * What a plot can be drawn with: PLplot's devices by name and by a file's suffix (plot layer).
 */
#ifndef PLOT_PLPLOT_PLOT_BACKEND_H
#define PLOT_PLPLOT_PLOT_BACKEND_H

#include <stdbool.h>
#include <stddef.h>

struct plot_backend {
	const char *device; /* PLplot's name for it */
	const char *suffix; /* with its dot; NULL: a window */
	const char *what;   /* for people */
};

/* The device of our own window, which is not drawn on as the others are. */
static const char PLOT_BACKEND_WINDOW[] = "extcairo";

/* By PLplot's name, or by matplotlib's for something alike ("Agg"), in any case. NULL: unknown. */
const struct plot_backend *plot_backend_find(const char *name);

/* The one for the suffix of @path; NULL: unknown. */
const struct plot_backend *plot_backend_of_path(const char *path);

/* The @i-th of all; NULL behind the last. */
const struct plot_backend *plot_backend_at(size_t i);

#endif
