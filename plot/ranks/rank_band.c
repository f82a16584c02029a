/* How many lines lie between which over time; see rank_band.h. Plot layer. */
#include "plot/ranks/rank_band.h"

#include <math.h>
#include <stdlib.h>

#include "plot/ranks/spread.h"

/* Values that are held at a time, and the columns that are enough for a rough picture. */
enum { VALUES_MOST = 1 << 24, COLUMNS_LEAST = 64 };

static int64_t column_ns(const struct rank_columns *columns, size_t column)
{
	const double step =
		(double)(columns->to_ns - columns->from_ns) / (double)(columns->count - 1);

	return columns->from_ns + llround(step * (double)column);
}

/* The nearest column to a time within the columns' times. */
static size_t nearest_column(const struct rank_columns *columns, int64_t time_ns)
{
	const double step =
		(double)(columns->to_ns - columns->from_ns) / (double)(columns->count - 1);

	return (size_t)llround((double)(time_ns - columns->from_ns) / step);
}

static double line_at(const struct series *series, size_t next, int64_t time_ns)
{
	if (next == 0 || series->time_ns[next] == time_ns)
		return series->mib[next];
	const double before_ns = (double)(time_ns - series->time_ns[next - 1]);
	const double span_ns = (double)(series->time_ns[next] - series->time_ns[next - 1]);
	const double before = series->mib[next - 1];

	return span_ns > 0 ? before + (series->mib[next] - before) * before_ns / span_ns : before;
}

static void widen(double *lows, double *highs, size_t column, double mib)
{
	lows[column] = fmin(lows[column], mib);
	highs[column] = fmax(highs[column], mib);
}

void rank_line_sample(const struct series *series, const struct rank_columns *columns,
		      float *values, size_t stride, double *lows, double *highs)
{
	const int64_t last_ns = series->time_ns[series->count - 1];
	size_t next = 0;

	for (size_t i = 0; i < columns->count; i++) {
		const int64_t at_ns = column_ns(columns, i);
		values[i * stride] = NAN;
		while (next < series->count && series->time_ns[next] < at_ns)
			next++;
		if (at_ns < series->time_ns[0] || at_ns > last_ns)
			continue;
		const double mib = line_at(series, next, at_ns);
		values[i * stride] = (float)mib;
		if (lows != NULL)
			widen(lows, highs, i, mib);
	}
	for (size_t i = 0; lows != NULL && i < series->count; i++) {
		const int64_t at_ns = series->time_ns[i];
		if (at_ns >= columns->from_ns && at_ns <= columns->to_ns)
			widen(lows, highs, nearest_column(columns, at_ns), series->mib[i]);
	}
}

static int compare_values(const void *a, const void *b)
{
	const double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

/* @sorted: room for all lines. */
static void add_point(struct rank_band *band, int64_t time_ns, const float *values, size_t lines,
		      double *sorted)
{
	size_t count = 0;

	for (size_t i = 0; i < lines; i++) {
		if (!isnan(values[i]))
			sorted[count++] = values[i];
	}
	if (count == 0)
		return;
	qsort(sorted, count, sizeof(*sorted), compare_values);
	band->points[band->count++] = (struct rank_band_point){
		.time_ns = time_ns,
		.lower = spread_quantile(sorted, count, 0.25),
		.median = spread_quantile(sorted, count, 0.5),
		.upper = spread_quantile(sorted, count, 0.75),
	};
}

/* What the lines were around each point that there is. */
static void add_edges(struct rank_band *band, const struct rank_columns *columns,
		      const double *lows, const double *highs)
{
	for (size_t i = 0, column = 0; i < band->count; i++) {
		while (column_ns(columns, column) != band->points[i].time_ns)
			column++;
		band->points[i].low = lows[column];
		band->points[i].high = highs[column];
	}
}

struct sampling {
	struct rank_columns columns;
	float *values; /* of each column all lines */
	double *lows, *highs, *sorted;
};

static void fill(struct rank_band *band, const struct rank_lines *lines, struct sampling *sampling)
{
	const struct rank_columns *columns = &sampling->columns;

	for (size_t i = 0; i < columns->count; i++) {
		sampling->lows[i] = INFINITY;
		sampling->highs[i] = -INFINITY;
	}
	for (size_t i = 0; i < lines->count; i++)
		rank_line_sample(lines->lines[i].series, columns, sampling->values + i,
				 lines->count, sampling->lows, sampling->highs);
	for (size_t i = 0; i < columns->count; i++)
		add_point(band, column_ns(columns, i), sampling->values + i * lines->count,
			  lines->count, sampling->sorted);
	add_edges(band, columns, sampling->lows, sampling->highs);
}

struct error *rank_band_init(struct rank_band *band, const struct rank_lines *lines,
			     int64_t from_ns, int64_t to_ns, size_t columns)
{
	const size_t most = VALUES_MOST / (lines->count + 1);
	const size_t fewer = most > COLUMNS_LEAST ? most : COLUMNS_LEAST;

	columns = columns < fewer ? columns : fewer;
	struct sampling sampling = {
		.columns = { from_ns, to_ns, columns },
		.values = calloc(columns * (lines->count + 1), sizeof(float)),
		.lows = calloc(columns, sizeof(double)),
		.highs = calloc(columns, sizeof(double)),
		.sorted = calloc(lines->count + 1, sizeof(double)),
	};
	*band = (struct rank_band){ .points = calloc(columns, sizeof(*band->points)) };
	const bool has_room = sampling.values != NULL && sampling.lows != NULL &&
			      sampling.highs != NULL && sampling.sorted != NULL &&
			      band->points != NULL;
	if (has_room)
		fill(band, lines, &sampling);
	else
		rank_band_deinit(band);
	free(sampling.values);
	free(sampling.lows);
	free(sampling.highs);
	free(sampling.sorted);
	return has_room ? NULL : error_no_memory();
}

void rank_band_deinit(struct rank_band *band)
{
	free(band->points);
	*band = (struct rank_band){ 0 };
}
