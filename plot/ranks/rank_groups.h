/*
 * Lines that nobody could tell apart in a picture (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_GROUPS_H
#define PLOT_RANKS_RANK_GROUPS_H

#include "plot/ranks/rank_lines.h"

struct rank_groups {
	size_t *group_of; /* each line's, from 0 on, by their first lines */
	size_t count;
};

/*
 * Lines of a group are, between @from_ns and @to_ns, nowhere further from its first one than a hundredth of the highest
 * of all, for as long as both last, and last as long, as far as a picture shows that. Two of one group are alone
 * all the same: each has its name.
 */
struct error *rank_groups_init(struct rank_groups *groups, const struct rank_lines *lines,
			       int64_t from_ns, int64_t to_ns) MUST_CHECK;
void rank_groups_deinit(struct rank_groups *groups);

#endif
