/* Highest samples between two times; see series_peaks.h. Plot layer. */
#include "plot/totals/series_peaks.h"

#include <stdlib.h>

#include "tracer/base/array.h"

/* Samples are the nodes behind the inner ones. */
static double node_mib(const struct series_peaks *peaks, size_t node)
{
	size_t count = peaks->series->count;

	return node < count ? peaks->nodes[node] : peaks->series->mib[node - count];
}

struct error *series_peaks_build(struct series_peaks *peaks, const struct series *series)
{
	struct error *err = array_reserve(&peaks->nodes, &peaks->capacity, series->count + 1,
					  sizeof(*peaks->nodes));

	if (err != NULL)
		return err;
	peaks->series = series;
	for (size_t node = series->count; node-- > 1;) {
		double left_mib = node_mib(peaks, 2 * node);
		double right_mib = node_mib(peaks, 2 * node + 1);
		peaks->nodes[node] = left_mib > right_mib ? left_mib : right_mib;
	}
	return NULL;
}

void series_peaks_deinit(struct series_peaks *peaks)
{
	free(peaks->nodes);
	*peaks = (struct series_peaks){ 0 };
}

double series_peaks_between(const struct series_peaks *peaks, int64_t from_ns, int64_t to_ns)
{
	const struct series *series = peaks->series;
	size_t first = series_find(series, from_ns);
	size_t end = to_ns < INT64_MAX ? series_find(series, to_ns + 1) : series->count;
	double mib = -1;

	/* From the leaves upwards: what is no left half, and no right half, is taken by itself. */
	for (first += series->count, end += series->count; first < end; first /= 2, end /= 2) {
		if (first % 2 == 1) {
			double left_mib = node_mib(peaks, first++);
			mib = left_mib > mib ? left_mib : mib;
		}
		if (end % 2 == 1) {
			double right_mib = node_mib(peaks, --end);
			mib = right_mib > mib ? right_mib : mib;
		}
	}
	return mib;
}

double series_held_mib(const struct series *series, int64_t time_ns)
{
	size_t behind = time_ns < INT64_MAX ? series_find(series, time_ns + 1) : series->count;

	return behind > 0 ? series->mib[behind - 1] : -1;
}
