/*
 * Reduces any number of points to what a page can show (plot layer).
 *
 * Each column of the page keeps the first, the lowest, the highest and the last point that falls
 * into it: the drawn line is the same to the pixel, whatever the number of samples.
 */
#ifndef PLOT_PROFILE_DECIMATE_H
#define PLOT_PROFILE_DECIMATE_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct sample {
	int64_t time_ns;
	double mib;
};

struct decimate_column {
	struct sample first, low, high, last;
	size_t count; /* 0: nothing fell into it, the rest is not set */
};

struct decimate {
	int64_t start_ns, end_ns;	 /* the window, both ends in it */
	struct decimate_column *columns; /* one more than count on either side of the window */
	size_t count;
	double columns_per_ns;
};

/* @columns >= 1, @end_ns > @start_ns. */
struct error *decimate_init(struct decimate *decimate, int64_t start_ns, int64_t end_ns,
			    size_t columns) MUST_CHECK;
void decimate_deinit(struct decimate *decimate);
void decimate_clear(struct decimate *decimate); /* for the next curve */

/* Points may come in any order. */
void decimate_add(struct decimate *decimate, int64_t time_ns, double mib);

/*
 * The points of the curve in order of time, cut at the window's ends by interpolation. At most
 * 4 * columns + 2; *@ret is owned by the caller, NULL when *@ret_count is 0.
 */
struct error *decimate_points(const struct decimate *decimate, struct sample **ret,
			      size_t *ret_count) MUST_CHECK;

#endif
