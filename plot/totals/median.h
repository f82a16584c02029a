/*
 * What several runs of one thing have in common (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_MEDIAN_H
#define PLOT_TOTALS_MEDIAN_H

#include <stddef.h>

/*
 * Of @count values, which are sorted here; *@ret_spread is how far the one lies that lies furthest from the
 * median. NAN: there are none.
 */
void median_find(double *values, size_t count, double *ret_median, double *ret_spread);

#endif
