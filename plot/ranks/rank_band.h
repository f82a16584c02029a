/*
 * How many lines lie between which over time, in place of the lines themselves (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_BAND_H
#define PLOT_RANKS_RANK_BAND_H

#include "plot/ranks/rank_lines.h"

/* Of the lines that there are at a time, in MiB. */
struct rank_band_point {
	int64_t time_ns;
	double lower, median, upper; /* a quarter of them is below; half; three quarters */
	double low, high; /* of all, with what they were on the way to the points around */
};

struct rank_band {
	struct rank_band_point *points; /* by time; of each at least one line is known */
	size_t count;
};

/*
 * At @columns times, 2 or more, from @from_ns to @to_ns, which is later. Between its samples a line is straight,
 * as it is drawn. Needs four bytes for each line and column: of many lines there are fewer columns.
 */
struct error *rank_band_init(struct rank_band *band, const struct rank_lines *lines,
			     int64_t from_ns, int64_t to_ns, size_t columns) MUST_CHECK;
void rank_band_deinit(struct rank_band *band);

/*
 * One line at those times, each in values[column * stride]: NAN before its first sample and after its last.
 * @lows, @highs: lowered and raised to what the line is from half a column before each time to half a column after
 * it; NULL: not wanted.
 */
struct rank_columns {
	int64_t from_ns, to_ns;
	size_t count;
};
void rank_line_sample(const struct series *series, const struct rank_columns *columns,
		      float *values, size_t stride, double *lows, double *highs);

#endif
