/*
 * What a profile's memory is called in plots and lists (plot layer).
 */
#ifndef PLOT_PROFILE_METRIC_LABEL_H
#define PLOT_PROFILE_METRIC_LABEL_H

#include <stdbool.h>

#include "plot/profile/profile.h"

enum { METRIC_LABEL_BYTES = 32 };

/*
 * "RSS", "PSS"; "sum of RSS" when the main series is the sum over all processes; "" when the file does
 * not say.
 */
void metric_label(const struct profile *profile, char ret[static METRIC_LABEL_BYTES]);

/* Of one process, which is no sum. */
void metric_label_single(const struct profile *profile, char ret[static METRIC_LABEL_BYTES]);

/* By the head of a file, which is not read any further; "" also when that cannot be read. */
void metric_label_of_file(const char *path, char ret[static METRIC_LABEL_BYTES]);

/* The same of several profiles: "" when they differ. */
void metric_label_common(const struct profile *profiles, size_t count,
			 char ret[static METRIC_LABEL_BYTES]);

/* Whether two of several profiles are known to measure different things: not to be compared. */
bool metrics_differ(const struct profile *profiles, size_t count);

/* Whether the main series counts pages that processes share more than once. */
bool metric_repeats_shared(const struct profile *profile);

/* Whether the file's high-water marks are of its metric: the kernel keeps them for some only. */
bool metric_has_peak(const struct profile *profile);

#endif
