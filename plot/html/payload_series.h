/*
 * The samples of a profile, packed for a page (plot layer). page/payload.js reads them.
 */
#ifndef PLOT_HTML_PAYLOAD_SERIES_H
#define PLOT_HTML_PAYLOAD_SERIES_H

#include "plot/html/packer.h"
#include "plot/profile/profile.h"

/* Samples that a page holds, of all processes of a profile. */
enum { PAYLOAD_SAMPLES_MOST = 1 << 18 };

/* Microseconds since the profile's zero_ns; what damaged files claim may be far away. */
int64_t payload_elapsed_us(const struct profile *profile, int64_t time_ns);

/*
 * For each series the number of its samples, their times and their memory. Where the page would hold
 * too many, each keeps its share of them: the first, lowest, highest and last of each column of
 * time. *@ret_reduced says whether samples are missing. @series: NULL for one that is not drawn.
 */
struct error *payload_pack_series(struct packer *packer, const struct profile *profile,
				  const struct series *const *series, size_t count,
				  bool *ret_reduced) MUST_CHECK;

#endif
