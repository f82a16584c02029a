/*
 * Figures of the processes of a profile over time, besides their memory (plot layer): what it was made of, its PART
 * records, and what is recorded with it, its WITH records.
 *
 * A track has a point where its figure has changed, which stays until the next one, or until its process ends.
 */
#ifndef PLOT_PROFILE_PROFILE_TRACKS_H
#define PLOT_PROFILE_PROFILE_TRACKS_H

#include <stddef.h>
#include <stdint.h>

#include "plot/profile/series.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

struct profile_track {
	int32_t process; /* index into the profile's processes */
	int kind;	 /* an enum part_kind; an enum companion */
	char *name; /* UTF-8, of a part: a path; "": the kind's only one, or all that has no track of its own */
	struct series series;  /* MiB; the companion's unit */
	int32_t next_same_key; /* index, -1: none */
};

struct profile_tracks {
	struct profile_track *tracks; /* in order of their first record */
	size_t count, capacity;
	struct addr_map
		track_of_key; /* hash of process, kind and name -> index + 1 of the last such */
};

/* NULL: there is none. */
const struct profile_track *profile_tracks_find(const struct profile_tracks *tracks,
						int32_t process, int kind, const char *name);

/* Finds or adds it. Returns an index. */
struct error *profile_tracks_need(struct profile_tracks *tracks, int32_t process, int kind,
				  const char *name, size_t *ret) MUST_CHECK;

/* Into @ret, which holds nothing. */
struct error *profile_tracks_copy(const struct profile_tracks *tracks,
				  struct profile_tracks *ret) MUST_CHECK;
void profile_tracks_deinit(struct profile_tracks *tracks);

/* What it was at @time_ns: as it had been last; 0 before its first point. */
double profile_track_value(const struct profile_track *track, int64_t time_ns);

#endif
