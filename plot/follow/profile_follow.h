/*
 * A FILE.dat that grows while it is looked at (plot layer). Only what has been appended is read, in
 * bounded memory, however long it goes on.
 */
#ifndef PLOT_FOLLOW_PROFILE_FOLLOW_H
#define PLOT_FOLLOW_PROFILE_FOLLOW_H

#include "plot/profile/profile.h"

struct profile_follow;

struct follow_limits {
	size_t samples; /* of each process: struct series_range's */
	size_t calls;	/* single ones, of all functions together: call_fold.h */
};

/* ERR_FAILED where the file cannot be opened, or is none that can grow. It may be empty still. */
struct error *profile_follow_open(struct profile_follow **ret, const char *path,
				  const struct follow_limits *limits) MUST_CHECK;
void profile_follow_close(struct profile_follow *follow);

/*
 * Reads the whole lines that have come, but not so long that a user would wait. Begins anew where the
 * file has been replaced, or cut and written again. *@ret_changed: the profile is another one now.
 */
struct error *profile_follow_read(struct profile_follow *follow, bool *ret_changed) MUST_CHECK;

/* More was there already when the last reading ended. */
bool profile_follow_is_behind(const struct profile_follow *follow);

/*
 * What has been read by now, as profile_read would have it of a file that ends here. *@ret is borrowed
 * until the next reading; NULL: there is no sample yet.
 */
const struct profile *profile_follow_profile(const struct profile_follow *follow);

#endif
