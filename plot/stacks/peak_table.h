/*
 * What stood and ran at the peaks of a profile's processes: peak --stack (plot layer).
 */
#ifndef PLOT_STACKS_PEAK_TABLE_H
#define PLOT_STACKS_PEAK_TABLE_H

#include <stdio.h>

#include "plot/profile/profile.h"

/*
 * Of each process that has any: the stacks of its highest peak at which they were recorded. Lines are cut to @width columns; 0: not.
 * *@ret_is_any: whether there were any.
 */
struct error *peak_table_write(const struct profile *profile, size_t width, FILE *out,
			       bool *ret_is_any) MUST_CHECK;

#endif
