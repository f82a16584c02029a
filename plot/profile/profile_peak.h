/*
 * The peak of a process: sampled, or as the kernel kept it (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_PROFILE_PEAK_H
#define PLOT_PROFILE_PROFILE_PEAK_H

#include "plot/profile/profile.h"

/*
 * The kernel's figure for the peak of a process, if the file has one that is comparable to the
 * profile's samples and that @sampled_mib does not exceed (then *@ret_exact is true); else
 * @sampled_mib.
 */
double profile_peak_mib(const struct profile *profile, size_t process, double sampled_mib,
			bool *ret_exact);

#endif
