/*
 * Single calls summed up in windows of time, as MANY records have them, so that a profile which grows
 * for hours stays small (plot layer). Pure.
 */
#ifndef PLOT_FOLLOW_CALL_FOLD_H
#define PLOT_FOLLOW_CALL_FOLD_H

#include "plot/profile/profile.h"

/*
 * Where the functions have more than @limit single calls together, at most half as many stay: the
 * longest, and those that have not ended. Counts, times, memory gained and the highest memory of each
 * function stay what they were; a call within another of its own function adds none to them. Windows of
 * a function are merged where they have become many.
 */
struct error *profile_fold_calls(struct profile *profile, size_t limit) MUST_CHECK;

#endif
