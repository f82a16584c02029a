/* Least squares; see trend.h. Plot layer. */
#include "plot/profile/trend.h"

#include <math.h>

bool trend_line(const struct trend *trend, struct trend_line *ret)
{
	double count = (double)trend->count;
	double spread = trend->sum_s_s - trend->sum_s * trend->sum_s / count;

	/* What is left of equal times is rounding. */
	if (trend->count < 2 || !(spread > 1e-15 * trend->sum_s_s))
		return false;
	double mean_s = trend->sum_s / count;
	*ret = (struct trend_line){
		.mib_per_s = (trend->sum_s_mib - trend->sum_s * trend->sum_mib / count) / spread,
		.at_ns = trend->zero_ns + llround(mean_s * 1e9),
		.at_mib = trend->zero_mib + trend->sum_mib / count,
	};
	return isfinite(ret->mib_per_s);
}

double trend_line_mib(const struct trend_line *line, int64_t time_ns)
{
	return line->at_mib + line->mib_per_s * (double)(time_ns - line->at_ns) * 1e-9;
}
