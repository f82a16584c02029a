/*
 * Which parts of a profile make up the memory that is looked at (plot layer): of the mappings
 * where they were recorded, else the kernel's counters; of one process or of all.
 */
#ifndef PLOT_PARTS_PART_VIEW_H
#define PLOT_PARTS_PART_VIEW_H

#include "plot/profile/profile.h"
#include "tracer/base/memory/part_kind.h"

struct part_view {
	const struct profile *profile; /* borrowed */
	int32_t process;	       /* index; PART_VIEW_ALL: of all together */
	bool has_maps;		       /* else the counters are what there is */
};

enum { PART_VIEW_ALL = -1 };

/* "heap", "libtorch.so", "other libraries": valid as long as the part, which is one of profile->parts. */
const char *part_title(const struct profile_track *part);

/* Of the process whose curve it is: where that is a sum, of all of them. False: nothing is known of its parts. */
bool part_view_init(struct part_view *view, const struct profile *profile, size_t process);

bool part_view_has(const struct part_view *view, const struct profile_track *part);

/* When it has given its memory back; INT64_MAX: not that we know. */
int64_t part_view_end_ns(const struct part_view *view, const struct profile_track *part);

/* Of one kind and title: parts of several processes are one. */
uint64_t part_view_key(const struct profile_track *part);

/*
 * Where a kind stands among others of its size or not: 0 for what is resident, and in the curve, higher for what
 * is not.
 */
int part_view_rank(enum part_kind kind);

#endif
