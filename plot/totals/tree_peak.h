/*
 * The highest memory of all processes together, exactly (plot layer).
 *
 * A profile whose samples were reduced while it was read has lost when its processes were high at the same
 * time. Its file has not.
 */
#ifndef PLOT_TOTALS_TREE_PEAK_H
#define PLOT_TOTALS_TREE_PEAK_H

#include "plot/records/profile_reader.h"

/*
 * The peak as tree_sum has it of all samples. Where it has not (is_peak_of_all), as when a file does not say
 * when its processes ended, @profile's file is read once more, if it is a regular one; else what is there must
 * do. 0 without samples.
 */
struct error *tree_peak_find(const struct profile *profile, profile_progress *progress,
			     void *progress_data, double *ret_mib) MUST_CHECK;

#endif
