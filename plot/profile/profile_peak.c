/* The kernel's figure for a peak; see profile_peak.h. Plot layer. */
#include "plot/profile/profile_peak.h"

#include <math.h>

#include "plot/profile/metric_label.h"

/* Negative: there is none that samples can be compared with. */
static double mark_mib(const struct profile *profile, size_t process)
{
	return metric_has_peak(profile) ? profile->processes[process].exact_peak_mib : -1;
}

double profile_together_mib(const struct profile *profile, double sampled_mib, bool *ret_is_least)
{
	double highest_mib = sampled_mib;

	for (size_t i = 0; i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->highest_ns != PROFILE_TIME_UNKNOWN)
			highest_mib = fmax(highest_mib, process->highest_mib);
		highest_mib = fmax(highest_mib, mark_mib(profile, i));
	}
	*ret_is_least = highest_mib > sampled_mib;
	return highest_mib;
}

double profile_peak_mib(const struct profile *profile, size_t process, double sampled_mib,
			bool *ret_exact)
{
	double exact_mib = mark_mib(profile, process);
	bool is_least;

	*ret_exact = false;
	if (profile->is_tree && process == 0)
		return profile_together_mib(profile, sampled_mib, &is_least);
	*ret_exact = exact_mib >= 0 && exact_mib >= sampled_mib;
	return *ret_exact ? exact_mib : sampled_mib;
}
