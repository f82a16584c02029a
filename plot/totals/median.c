/* Medians; see median.h. Plot layer. */
#include "plot/totals/median.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

void median_find(double *values, size_t count, double *ret_median, double *ret_spread)
{
	*ret_median = *ret_spread = NAN;
	if (count == 0)
		return;
	qsort(values, count, sizeof(*values), compare_doubles);
	*ret_median = count % 2 == 1 ? values[count / 2]
				     : values[count / 2 - 1] / 2 + values[count / 2] / 2;
	*ret_spread = fmax(*ret_median - values[0], values[count - 1] - *ret_median);
}
