/*
 * Growth as a tree of calls, for people (plot layer).
 */
#ifndef PLOT_STACKS_GROWTH_TREE_H
#define PLOT_STACKS_GROWTH_TREE_H

#include <stdio.h>

#include "plot/stacks/growth_totals.h"

/*
 * A line for each function as called by another one, the largest first; those with less than a hundredth of all are left out, and
 * that is said. What calls one function alone has that on its own level: only where calls part they are indented, and a dash begins
 * each part. Lines are
 * cut to @width columns; 0: not.
 */
struct error *growth_tree_write(const struct growth_totals *totals, const struct profile *profile,
				size_t width, FILE *out) MUST_CHECK;

#endif
