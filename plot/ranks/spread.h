/*
 * How figures of several ranks spread: lowest, quartiles, highest, imbalance (plot layer). Pure.
 */
#ifndef PLOT_RANKS_SPREAD_H
#define PLOT_RANKS_SPREAD_H

#include <stddef.h>

#include "tracer/base/error.h"

struct spread {
	size_t count; /* of the figures; 0: the rest is NAN, and no index is one */
	double low, lower, median, upper, high, mean; /* lower and upper: the quartiles */
	/* Of whom, as indices of the figures; of equal ones the first. At the median: the lower of two. */
	size_t low_at, median_at, high_at;
	/*
	 * By how much the highest exceeds the mean, in percent of the mean: 0 where all are equal, 100 where the
	 * highest is twice the mean. NAN where the mean is not above 0.
	 */
	double imbalance_percent;
};

/* Quartiles as R and NumPy have them by default: straight lines between the figures in their order. */
struct error *spread_find(const double *figures, size_t count, struct spread *ret) MUST_CHECK;

/*
 * The same of figures that are in order already, for their share @part, 0 to 1, of the way from the first to the
 * last; @count is not 0.
 */
double spread_quantile(const double *sorted, size_t count, double part);

/*
 * Whether a figure lies far off the others: by more than one and a half times the distance of the quartiles
 * (Tukey's fences), and by a hundredth of the median.
 */
bool spread_is_far_above(const struct spread *spread, double figure);
bool spread_is_far_below(const struct spread *spread, double figure);

#endif
