/*
 * Children by their peaks, equal ones together (plot layer). Pure.
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

/* Three or more children of one program with about the same peak, or one child. */
struct child_group {
	size_t first, count; /* in child_groups.processes, the highest peak first */
	double high_mib;
	bool is_sum; /* the one that stands for summed children */
};

struct child_groups {
	size_t *processes; /* indices into profile->processes, group by group */
	struct child_group
		*groups; /* the highest first; summed children last, who stand for the rest */
	size_t count;
};

/* All children that have samples or calls. @are_alone: each of them is a group of its own. */
struct error *profile_group_children(const struct profile *profile, bool are_alone,
				     struct child_groups *ret) MUST_CHECK;
void child_groups_deinit(struct child_groups *groups);

#endif
