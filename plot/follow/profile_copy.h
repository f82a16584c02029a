/*
 * A copy of a profile, to be changed without harm to the first (plot layer).
 */
#ifndef PLOT_FOLLOW_PROFILE_COPY_H
#define PLOT_FOLLOW_PROFILE_COPY_H

#include "plot/profile/profile.h"

/* @ret is the caller's to deinit after success. It takes no more memory than what it holds. */
struct error *profile_copy(const struct profile *profile, struct profile *ret) MUST_CHECK;

#endif
