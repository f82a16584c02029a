/* First, lowest, highest and last point of each column; see decimate.h. Plot layer. */
#include "plot/profile/decimate.h"

#include <stdlib.h>
#include <string.h>

struct error *decimate_init(struct decimate *decimate, int64_t start_ns, int64_t end_ns,
			    size_t columns)
{
	*decimate = (struct decimate){
		.start_ns = start_ns,
		.end_ns = end_ns,
		.count = columns,
		.columns_per_ns = (double)columns / ((double)end_ns - (double)start_ns),
		.columns = calloc(columns + 2, sizeof(*decimate->columns)),
	};
	return decimate->columns == NULL ? error_no_memory() : NULL;
}

void decimate_deinit(struct decimate *decimate)
{
	free(decimate->columns);
	decimate->columns = NULL;
}

void decimate_clear(struct decimate *decimate)
{
	memset(decimate->columns, 0, (decimate->count + 2) * sizeof(*decimate->columns));
}

/* 0: before the window; 1 to count: in it; count + 1: after it. */
static size_t column_of(const struct decimate *decimate, int64_t time_ns)
{
	if (time_ns < decimate->start_ns)
		return 0;
	if (time_ns > decimate->end_ns)
		return decimate->count + 1;
	size_t column = (size_t)((double)(time_ns - decimate->start_ns) * decimate->columns_per_ns);
	return column < decimate->count ? column + 1 : decimate->count;
}

void decimate_add(struct decimate *decimate, int64_t time_ns, double mib)
{
	struct decimate_column *column = &decimate->columns[column_of(decimate, time_ns)];
	struct sample sample = { time_ns, mib };

	if (column->count++ == 0) {
		column->first = column->low = column->high = column->last = sample;
		return;
	}
	if (time_ns < column->first.time_ns)
		column->first = sample;
	if (time_ns >= column->last.time_ns)
		column->last = sample;
	if (mib < column->low.mib)
		column->low = sample;
	if (mib > column->high.mib)
		column->high = sample;
}

static struct sample sample_between(const struct sample *a, const struct sample *b, int64_t at_ns)
{
	double span_ns = (double)b->time_ns - (double)a->time_ns;
	double part = span_ns > 0 ? ((double)at_ns - (double)a->time_ns) / span_ns : 0;

	return (struct sample){ at_ns, a->mib + (b->mib - a->mib) * part };
}

/* Appends the column's points by time, each once. */
static size_t column_points(const struct decimate_column *column, struct sample *points)
{
	struct sample low = column->low, high = column->high;
	struct sample middle[] = { low, high };
	size_t count = 0;

	if (high.time_ns < low.time_ns) {
		middle[0] = high;
		middle[1] = low;
	}
	points[count++] = column->first;
	for (size_t i = 0; i < 2; i++) {
		const struct sample *previous = &points[count - 1];
		if (middle[i].time_ns != previous->time_ns || middle[i].mib != previous->mib)
			points[count++] = middle[i];
	}
	if (column->last.time_ns != points[count - 1].time_ns ||
	    column->last.mib != points[count - 1].mib)
		points[count++] = column->last;
	return count;
}

struct error *decimate_points(const struct decimate *decimate, struct sample **ret,
			      size_t *ret_count)
{
	const struct decimate_column *before = &decimate->columns[0];
	const struct decimate_column *after = &decimate->columns[decimate->count + 1];
	struct sample *points = calloc(decimate->count * 4 + 2, sizeof(*points));
	size_t count = 0;

	if (points == NULL)
		return error_no_memory();
	count += before->count > 0; /* room for the point at the window's start */
	for (size_t i = 1; i <= decimate->count; i++) {
		if (decimate->columns[i].count > 0)
			count += column_points(&decimate->columns[i], points + count);
	}
	size_t inside = count - (before->count > 0);
	if (before->count > 0) {
		const struct sample *next = inside > 0 ? &points[1] : &after->first;
		if (inside > 0 || after->count > 0)
			points[0] = sample_between(&before->last, next, decimate->start_ns);
		else
			count = 0;
	}
	if (after->count > 0 && count > 0) {
		const struct sample *previous = inside > 0 ? &points[count - 1] : &before->last;
		points[count] = sample_between(previous, &after->first, decimate->end_ns);
		count++;
	}
	if (count == 0) {
		free(points);
		points = NULL;
	}
	/* Most curves are far shorter than the page is wide. */
	struct sample *shrunk = count > 0 ? reallocarray(points, count, sizeof(*points)) : NULL;
	*ret = shrunk != NULL ? shrunk : points;
	*ret_count = count;
	return NULL;
}
