/*
 * Leaves out of a profile what the user does not want to see (plot layer). Pure.
 */
#ifndef PLOT_PROFILE_PROFILE_FILTER_H
#define PLOT_PROFILE_PROFILE_FILTER_H

#include "plot/profile/profile.h"

/*
 * Hides the functions and static probes whose names @wants refuses; their calls stay points of the memory curve.
 * Returns how many are still seen.
 */
size_t profile_keep_functions(struct profile *profile, bool (*wants)(void *data, const char *name),
			      void *data);

/*
 * Removes the samples and calls of all processes but those whose pid is in @pids; the processes
 * themselves stay, empty. Returns how many of @pids have samples or calls.
 */
size_t profile_keep_processes(struct profile *profile, const int32_t *pids, size_t count);

/*
 * Keeps what was between two times since the epoch: samples, and calls that were active then, these with
 * all that they were. A process that was there at @from_ns has the sample before it as one of that moment.
 * The kernel's peaks, which are of whole lives, are forgotten. A reduced series must have been read for
 * this range.
 */
void profile_keep_window(struct profile *profile, int64_t from_ns, int64_t to_ns);

#endif
