/*
 * Memory over time of one process, in bounded room if wanted (plot layer).
 *
 * A series with a limit is reduced when it reaches it: columns of time keep their first, lowest,
 * highest and last sample. There are several times more columns than a page has, so that what is
 * drawn stays the same, and the columns get wider as the time grows.
 */
#ifndef PLOT_PROFILE_SERIES_H
#define PLOT_PROFILE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/profile/trend.h"
#include "tracer/base/error.h"

/* What is kept of all samples. */
struct series_range {
	int64_t from_ns, to_ns; /* those within, both ends included, and the nearest outside */
	size_t limit;		/* held at most, 64 or more; 0: any number */
};

/* Two columns; times never go back. */
struct series {
	int64_t *time_ns;
	double *mib;
	size_t count;
	size_t time_capacity, mib_capacity;
	bool is_last_known; /* the last sample is in the sums already */
	bool is_reduced;    /* samples within the range have been left out */

	/* Of all samples ever added but the last one, which series_finish adds. */
	size_t total;
	int64_t first_ns, last_ns;
	double highest_mib;
	int64_t highest_ns; /* when it was first reached */
	struct trend trend; /* of those within the range only */
};

/* @range: NULL to keep all; the same for all calls. */
struct error *series_add(struct series *series, const struct series_range *range, int64_t time_ns,
			 double mib) MUST_CHECK;

/* Takes the last sample back. At most once between two additions. */
void series_remove_last(struct series *series);

/* After the last sample. */
void series_finish(struct series *series, const struct series_range *range);

void series_deinit(struct series *series);

/* @ret is overwritten. */
struct error *series_copy(const struct series *series, struct series *ret) MUST_CHECK;

/* The first index whose time is at least @time_ns; series->count if there is none. */
size_t series_find(const struct series *series, int64_t time_ns);

#endif
