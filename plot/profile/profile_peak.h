/*
 * The peak of a process: sampled, or as the kernel kept it (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_PROFILE_PEAK_H
#define PLOT_PROFILE_PROFILE_PEAK_H

#include "plot/profile/profile.h"

/*
 * The kernel's figure for the peak of a process, if the file has one that is comparable to the
 * profile's samples and that @sampled_mib does not exceed (then *@ret_exact is true); else
 * @sampled_mib. Of a main process whose samples are a sum it is profile_together_mib's.
 */
double profile_peak_mib(const struct profile *profile, size_t process, double sampled_mib,
			bool *ret_exact);

/*
 * The most that all processes together are known to have had: @sampled_mib, the peak of their sum, which is
 * sampled; or what a single one had, if that is more (then *@ret_is_least is true): by its mark or in its
 * calls. All had no less then; when that was is not known.
 */
double profile_together_mib(const struct profile *profile, double sampled_mib, bool *ret_is_least);

#endif
