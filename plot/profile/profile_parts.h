/*
 * What the memory of the processes of a profile was made of, over time (plot layer): its PART records.
 *
 * A part has a point where it has changed, and stays as it is until its next one, or until its process ends.
 */
#ifndef PLOT_PROFILE_PROFILE_PARTS_H
#define PLOT_PROFILE_PROFILE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/profile/series.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/memory/part_kind.h"

struct profile_part {
	int32_t process; /* index into the profile's processes */
	enum part_kind kind;
	char *name; /* UTF-8, a path; "": the kind's only part, or all that has no part of its own */
	struct series series;
	int32_t next_same_key; /* index, -1: none */
};

struct profile_parts {
	struct profile_part *parts; /* in order of their first record */
	size_t count, capacity;
	struct addr_map
		part_of_key; /* hash of process, kind and name -> index + 1 of the last such */
};

/* Finds or adds it. Returns an index. */
struct error *profile_parts_need(struct profile_parts *parts, int32_t process, enum part_kind kind,
				 const char *name, size_t *ret) MUST_CHECK;

/* Into @ret, which holds nothing. */
struct error *profile_parts_copy(const struct profile_parts *parts,
				 struct profile_parts *ret) MUST_CHECK;
void profile_parts_deinit(struct profile_parts *parts);

/* What it was at @time_ns: as it had been last; 0 before its first point. */
double profile_part_mib(const struct profile_part *part, int64_t time_ns);

/* Whether any is of the mappings, which tell more than the counters. */
bool profile_parts_have_maps(const struct profile_parts *parts);

/* "heap", "libtorch.so", "other libraries": valid as long as the part. */
const char *profile_part_title(const struct profile_part *part);

#endif
