/*
 * Which parts of a profile make up the memory that is looked at (plot layer, private to this room): of the mappings
 * where they were recorded, else the kernel's counters; of one process or of all.
 */
#ifndef PLOT_PARTS_PART_VIEW_H
#define PLOT_PARTS_PART_VIEW_H

#include "plot/profile/profile.h"

struct part_view {
	const struct profile *profile; /* borrowed */
	int32_t process;	       /* index; PART_VIEW_ALL: of all together */
	bool has_maps;		       /* else the counters are what there is */
};

enum { PART_VIEW_ALL = -1 };

/* Of the process whose curve it is: where that is a sum, of all of them. False: nothing is known of its parts. */
bool part_view_init(struct part_view *view, const struct profile *profile, size_t process);

bool part_view_has(const struct part_view *view, const struct profile_part *part);

/* When it has given its memory back; INT64_MAX: not that we know. */
int64_t part_view_end_ns(const struct part_view *view, const struct profile_part *part);

/* Of one kind and title: parts of several processes are one. */
uint64_t part_view_key(const struct profile_part *part);

/*
 * Where a kind stands among others of its size or not: 0 for what is resident, and in the curve, higher for what
 * is not.
 */
int part_view_rank(enum part_kind kind);

#endif
