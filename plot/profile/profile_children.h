/*
 * Children by their peaks, and many of them in one line (plot layer). Pure.
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

/* The pid of the process that stands for the summed children; its command says how many they are. */
static const int32_t PROFILE_PID_SUMMED = INT32_MIN;

/*
 * Keeps the @kept children with the highest samples. The samples of all others give way to those of
 * one further process: at each time the sum of what each of them had last. Their calls stay.
 */
struct error *profile_sum_children(struct profile *profile, size_t kept) MUST_CHECK;

#endif
