/*
 * Memory while a function was running (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_FUNCTION_PEAK_H
#define PLOT_PROFILE_FUNCTION_PEAK_H

#include "plot/profile/profile.h"

/*
 * The highest memory seen during a call of @function: of the samples of the call's process, and of
 * the call's own start and end, so that a call shorter than the interval has a peak too.
 */
struct error *function_peak_mib(const struct profile *profile,
				const struct profile_function *function, double *ret) MUST_CHECK;

#endif
