/*
 * The highest memory of all processes together, exactly (plot layer).
 *
 * A profile whose samples were reduced while it was read has lost when its processes were high at the same
 * time. Its file has not.
 */
#ifndef PLOT_TOTALS_TREE_PEAK_H
#define PLOT_TOTALS_TREE_PEAK_H

#include "plot/profile/profile_reader.h"

/*
 * The peak as tree_sum has it of all samples. Reads @profile's file once more if samples have been left out,
 * and if it is a regular file; else, as of a sum that was recorded, what is there is enough. 0 without samples.
 */
struct error *tree_peak_find(const struct profile *profile, profile_progress *progress,
			     void *progress_data, double *ret_mib) MUST_CHECK;

#endif
