/*
 * Reads a FILE.dat, ours or one that memory_profiler's mprof wrote (plot layer).
 */
#ifndef PLOT_PROFILE_READER_H
#define PLOT_PROFILE_READER_H

#include "plot/profile.h"

/*
 * Fills @ret, which the caller deinits after success. Damaged lines are left out and counted in
 * it; unknown records are ignored. Fails, with nothing to deinit, when the file cannot be read
 * (ERR_FAILED), is not a profile, or holds no sample (ERR_FORMAT). Never prints.
 */
struct error *profile_read(struct profile *ret, const char *path) MUST_CHECK;

/*
 * True when @path is a regular file that begins as a profile does. Reads no more than its first
 * block; false also when it cannot be read.
 */
bool profile_is_profile(const char *path);

#endif
