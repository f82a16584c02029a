/*
 * Which curves a page has of a profile: one a process, the small children together, and all processes
 * together (plot layer). Pure.
 */
#ifndef PLOT_HTML_PAYLOAD_CURVES_H
#define PLOT_HTML_PAYLOAD_CURVES_H

#include "plot/totals/profile_totals.h"

struct payload_curves {
	const struct series **series; /* one for each process, NULL: none; then the sums' */
	size_t count;
	struct tree_sum others; /* of the children that have no curve */
	size_t other_count;	/* 0: there is no such sum */
	bool has_tree;		/* all together: where several processes have memory */
};

/* Borrows @profile and @totals. The series of the others, then that of all, stand behind the processes'. */
struct error *payload_curves_init(struct payload_curves *curves, const struct profile *profile,
				  const struct profile_totals *totals, size_t children) MUST_CHECK;
void payload_curves_deinit(struct payload_curves *curves);

#endif
