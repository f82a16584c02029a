/*
 * The straight line through points of memory over time, by least squares (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_TREND_H
#define PLOT_PROFILE_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sums over points, relative to the first one so that an epoch's digits do not eat the rest. */
struct trend {
	size_t count;
	int64_t zero_ns; /* the first point */
	double zero_mib;
	double sum_s, sum_mib, sum_s_s, sum_s_mib;
};

struct trend_line {
	double mib_per_s;
	int64_t at_ns; /* a point on it */
	double at_mib;
};

static inline void trend_add(struct trend *trend, int64_t time_ns, double mib)
{
	if (trend->count++ == 0) {
		trend->zero_ns = time_ns;
		trend->zero_mib = mib;
		return;
	}
	/* Damaged files claim any time: the difference of two may not fit in 64 bits. */
	int64_t elapsed_ns;
	bool is_too_far = __builtin_sub_overflow(time_ns, trend->zero_ns, &elapsed_ns);
	double s =
		(is_too_far ? (double)time_ns - (double)trend->zero_ns : (double)elapsed_ns) * 1e-9;
	double rise_mib = mib - trend->zero_mib;
	trend->sum_s += s;
	trend->sum_mib += rise_mib;
	trend->sum_s_s += s * s;
	trend->sum_s_mib += s * rise_mib;
}

/* False when there is no such line: fewer than two points in time. */
bool trend_line(const struct trend *trend, struct trend_line *ret);

double trend_line_mib(const struct trend_line *line, int64_t time_ns);

#endif
