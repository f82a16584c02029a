/* The kernel's figure for a peak; see profile_peak.h. Plot layer. */
#include "plot/profile/profile_peak.h"

#include "plot/profile/metric_label.h"

double profile_peak_mib(const struct profile *profile, size_t process, double sampled_mib,
			bool *ret_exact)
{
	double exact_mib = profile->processes[process].exact_peak_mib;
	/* A mark is of one process: no bound for a sum, nor for another metric. */
	bool comparable = !(profile->is_tree && process == 0) && metric_has_peak(profile);

	*ret_exact = comparable && exact_mib >= 0 && exact_mib >= sampled_mib;
	return *ret_exact ? exact_mib : sampled_mib;
}
