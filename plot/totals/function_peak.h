/*
 * Memory while a function was running (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_FUNCTION_PEAK_H
#define PLOT_TOTALS_FUNCTION_PEAK_H

#include "plot/profile/profile.h"
#include "plot/totals/series_peaks.h"

/*
 * The highest memory of one process during calls of @function: of its samples, and of the starts and
 * ends of its own calls, so that one shorter than the interval has a peak too. Of the main process (0)
 * the calls of all others count as well, but only for when they were: its figure is what it had
 * meanwhile, never another's. Of a child only its own calls count. Where the main series is the sum
 * over all processes, a call's own figure is part of it. @peaks are those of the process's series. -1: nothing
 * is known.
 */
double function_peak_mib(const struct profile *profile, size_t process,
			 const struct series_peaks *peaks, const struct profile_function *function);

#endif
