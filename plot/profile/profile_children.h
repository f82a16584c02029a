/*
 * Children by their peaks (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_PROFILE_CHILDREN_H
#define PLOT_PROFILE_PROFILE_CHILDREN_H

#include "plot/profile/profile.h"

/*
 * The children that have samples or calls, as indices into profile->processes, the highest peak
 * first. *@ret is owned by the caller.
 */
struct error *profile_rank_children(const struct profile *profile, size_t **ret,
				    size_t *ret_count) MUST_CHECK;

/*
 * The pid of the process that stands for children summed by profile_sum_children (plot/totals/tree_sum.h);
 * its command says how many they are.
 */
static const int32_t PROFILE_PID_SUMMED = INT32_MIN;

#endif
