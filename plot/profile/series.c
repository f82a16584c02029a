/* Samples of one process; see series.h. Plot layer. */
#include "plot/profile/series.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

/* The last two samples may still be taken back or compared with, and are left alone. */
enum { KEPT_AT_END = 2, PER_COLUMN = 4 };

void series_deinit(struct series *series)
{
	free(series->time_ns);
	free(series->mib);
	*series = (struct series){ 0 };
}

struct error *series_copy(const struct series *series, struct series *ret)
{
	struct series copy = *series;

	*ret = (struct series){ 0 };
	copy.time_capacity = copy.mib_capacity = series->count;
	copy.time_ns = calloc(series->count + 1, sizeof(*copy.time_ns));
	copy.mib = calloc(series->count + 1, sizeof(*copy.mib));
	if (copy.time_ns == NULL || copy.mib == NULL) {
		free(copy.time_ns);
		free(copy.mib);
		return error_no_memory();
	}
	if (series->count > 0) {
		memcpy(copy.time_ns, series->time_ns, series->count * sizeof(*copy.time_ns));
		memcpy(copy.mib, series->mib, series->count * sizeof(*copy.mib));
	}
	*ret = copy;
	return NULL;
}

static bool is_within(const struct series_range *range, int64_t time_ns)
{
	return range == NULL || (time_ns >= range->from_ns && time_ns <= range->to_ns);
}

/* Counts in the last sample, which is not taken back any more. */
static void account_last(struct series *series, const struct series_range *range)
{
	if (series->count == 0 || series->is_last_known)
		return;
	int64_t time_ns = series->time_ns[series->count - 1];
	double mib = series->mib[series->count - 1];
	if (series->total++ == 0)
		series->first_ns = time_ns;
	if (series->total == 1 || mib > series->highest_mib) {
		series->highest_mib = mib;
		series->highest_ns = time_ns;
	}
	series->last_ns = time_ns;
	if (is_within(range, time_ns))
		trend_add(&series->trend, time_ns, mib);
}

static void move_sample(struct series *series, size_t from, size_t to)
{
	series->time_ns[to] = series->time_ns[from];
	series->mib[to] = series->mib[from];
}

/* Keeps of the samples from @first to before @end those that a column needs, at @out. */
static size_t reduce_column(struct series *series, size_t first, size_t end, size_t out)
{
	size_t low = first, high = first;

	for (size_t i = first + 1; i < end; i++) {
		if (series->mib[i] < series->mib[low])
			low = i;
		if (series->mib[i] > series->mib[high])
			high = i;
	}
	size_t picked[PER_COLUMN] = { first, low < high ? low : high, low < high ? high : low,
				      end - 1 };
	for (size_t i = 0; i < PER_COLUMN; i++) {
		if (i == 0 || picked[i] > picked[i - 1])
			move_sample(series, picked[i], out++);
	}
	return out;
}

/* To half of the limit at most. Columns are equal in time, so that old and new ones are alike. */
static void reduce(struct series *series, size_t limit)
{
	size_t end = series->count - KEPT_AT_END, columns = limit / (2 * PER_COLUMN) - 1, out = 0;
	int64_t start_ns = series->time_ns[0];
	uint64_t span_ns = (uint64_t)series->time_ns[end - 1] - (uint64_t)start_ns;
	uint64_t width_ns = span_ns / columns + 1;

	for (size_t first = 0, next; first < end; first = next) {
		uint64_t since_ns = (uint64_t)series->time_ns[first] - (uint64_t)start_ns;
		uint64_t column_ns = since_ns / width_ns * width_ns + (uint64_t)start_ns;
		for (next = first + 1;
		     next < end && (uint64_t)series->time_ns[next] - column_ns < width_ns;)
			next++;
		out = reduce_column(series, first, next, out);
	}
	for (size_t i = end; i < series->count; i++)
		move_sample(series, i, out++);
	series->count = out;
	series->is_reduced = true;
}

/* Of samples outside the range, only the last two before and the first and last behind it stay. */
static void drop_outside(struct series *series, const struct series_range *range, int64_t next_ns)
{
	size_t count = series->count;

	if (count < 2)
		return;
	bool before = next_ns < range->from_ns;
	bool behind = series->time_ns[count - 2] > range->to_ns;
	if (before)
		move_sample(series, count - 1, count - 2);
	if (before || behind)
		series->count--;
}

static struct error *grow(struct series *series, size_t count)
{
	struct error *err = array_reserve(&series->time_ns, &series->time_capacity, count,
					  sizeof(*series->time_ns));

	return err != NULL ? err
			   : array_reserve(&series->mib, &series->mib_capacity, count,
					   sizeof(*series->mib));
}

struct error *series_add(struct series *series, const struct series_range *range, int64_t time_ns,
			 double mib)
{
	account_last(series, range);
	if (range != NULL) {
		drop_outside(series, range, time_ns);
		if (range->limit > 0 && series->count >= range->limit)
			reduce(series, range->limit);
	}
	size_t count = series->count + 1;
	if (count > series->time_capacity || count > series->mib_capacity) {
		struct error *err = grow(series, count);
		if (err != NULL)
			return err;
	}
	series->time_ns[count - 1] = time_ns;
	series->mib[count - 1] = mib;
	series->count = count;
	series->is_last_known = false;
	return NULL;
}

void series_remove_last(struct series *series)
{
	series->count--;
	series->is_last_known = true;
}

void series_finish(struct series *series, const struct series_range *range)
{
	account_last(series, range);
	series->is_last_known = true;
}

size_t series_find(const struct series *series, int64_t time_ns)
{
	size_t low = 0, high = series->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (series->time_ns[middle] < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
