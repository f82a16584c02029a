/* How figures of several ranks spread; see spread.h. Plot layer. */
#include "plot/ranks/spread.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static int compare_figures(const void *a, const void *b, void *data)
{
	const double *figures = data;
	const size_t one = *(const size_t *)a, other = *(const size_t *)b;

	if (figures[one] != figures[other])
		return figures[one] < figures[other] ? -1 : 1;
	return one < other ? -1 : one > other;
}

/* Straight between the two figures that the place is between. */
static double between(double low, double high, double place)
{
	return low + (high - low) * (place - floor(place));
}

double spread_quantile(const double *sorted, size_t count, double part)
{
	const double place = part * (double)(count - 1);
	const size_t at = (size_t)place;

	return between(sorted[at], sorted[at + 1 < count ? at + 1 : at], place);
}

static double mean_of(const double *figures, size_t count)
{
	double mean = 0;

	/* Without a sum, which could be no number any more. */
	for (size_t i = 0; i < count; i++)
		mean += (figures[i] - mean) / (double)(i + 1);
	return mean;
}

struct error *spread_find(const double *figures, size_t count, struct spread *ret)
{
	*ret = (struct spread){
		.low = NAN,
		.lower = NAN,
		.median = NAN,
		.upper = NAN,
		.high = NAN,
		.mean = NAN,
		.low_at = SIZE_MAX,
		.median_at = SIZE_MAX,
		.high_at = SIZE_MAX,
		.imbalance_percent = NAN,
	};
	if (count == 0)
		return NULL;
	size_t *order = malloc(count * sizeof(*order));
	double *sorted = malloc(count * sizeof(*sorted));
	if (order == NULL || sorted == NULL) {
		free(order);
		free(sorted);
		return error_no_memory();
	}
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), compare_figures, (void *)figures);
	for (size_t i = 0; i < count; i++)
		sorted[i] = figures[order[i]];
	ret->count = count;
	ret->low = sorted[0];
	ret->lower = spread_quantile(sorted, count, 0.25);
	ret->median = spread_quantile(sorted, count, 0.5);
	ret->upper = spread_quantile(sorted, count, 0.75);
	ret->high = sorted[count - 1];
	ret->mean = mean_of(figures, count);
	ret->low_at = order[0];
	ret->median_at = order[(count - 1) / 2];
	ret->high_at = order[count - 1];
	/* Equal ones stand in the order of their indices: the first of the highest. */
	for (size_t i = count - 1; i > 0 && sorted[i - 1] == ret->high; i--)
		ret->high_at = order[i - 1];
	if (ret->mean > 0)
		ret->imbalance_percent = (ret->high / ret->mean - 1) * 100;
	free(order);
	free(sorted);
	return NULL;
}

/* How far off is far. */
static double fence(const struct spread *spread)
{
	static const double quartiles = 1.5, part_of_median = 0.01;

	return fmax(quartiles * (spread->upper - spread->lower),
		    part_of_median * fabs(spread->median));
}

bool spread_is_far_above(const struct spread *spread, double figure)
{
	return figure > spread->upper + fence(spread);
}

bool spread_is_far_below(const struct spread *spread, double figure)
{
	return figure < spread->lower - fence(spread);
}
