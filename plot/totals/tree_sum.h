/*
 * The memory of several processes together, over time (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_TREE_SUM_H
#define PLOT_TOTALS_TREE_SUM_H

#include "plot/profile/profile.h"

/*
 * At each moment at which one of them was sampled or ended, the sum of what each had last: a process
 * counts from its first sample to its end, or to its last sample where the file does not say when it
 * ended. While none lives the sum is 0. Reduced, as a series with a limit is; the peak is that of all
 * moments. Where the processes' own series are reduced the sum is one of what is left of them; the peak of
 * all of them is exact also then, if nothing was filtered out and the file says when processes ended.
 */
struct tree_sum {
	struct series series;
	double peak_mib; /* 0 without any sample */
	int64_t peak_ns; /* when it was first reached; PROFILE_TIME_UNKNOWN without any sample */
	bool is_peak_of_all; /* of all samples of the file, those too that were not kept */
};

/* Of all processes. Where the main series is their sum already, it is taken as it is. */
struct error *tree_sum_init(struct tree_sum *sum, const struct profile *profile) MUST_CHECK;

/* Of the @count processes whose indices are in @processes; none of them twice. */
struct error *tree_sum_init_of(struct tree_sum *sum, const struct profile *profile,
			       const size_t *processes, size_t count) MUST_CHECK;

void tree_sum_deinit(struct tree_sum *sum);

/*
 * Makes the sum of all processes the profile's main series, as a recording with -C has it; the children's
 * own samples stay if @keeps_children, as with -C -M. Nothing changes where it is the sum already.
 */
struct error *profile_make_tree(struct profile *profile, bool keeps_children) MUST_CHECK;

/*
 * Keeps the @kept children with the highest samples; equal ones (struct child_group) count as one, but no
 * more than ten times as many are kept. The samples of all others give way to those of
 * one further process (PROFILE_PID_SUMMED), the sum. Their calls stay.
 */
struct error *profile_sum_children(struct profile *profile, size_t kept) MUST_CHECK;

#endif
