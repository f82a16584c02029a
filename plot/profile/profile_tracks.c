/* Figures over time besides memory; see profile_tracks.h. Plot layer. */
#include "plot/profile/profile_tracks.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

static uint64_t track_key(int32_t process, int kind, const char *name)
{
	const uint64_t owner = (uint64_t)(uint32_t)process << 8 | (uint64_t)kind;

	/* By an odd factor, so that neighbours lie apart. */
	return addr_map_text_key(name, strlen(name)) ^ owner * UINT64_C(0x9e3779b97f4a7c15);
}

const struct profile_track *profile_tracks_find(const struct profile_tracks *tracks,
						int32_t process, int kind, const char *name)
{
	const uint64_t key = track_key(process, kind, name);
	const uintptr_t last = (uintptr_t)addr_map_get(&tracks->track_of_key, key);

	for (int32_t i = (int32_t)last - 1; i >= 0; i = tracks->tracks[i].next_same_key) {
		const struct profile_track *track = &tracks->tracks[i];
		if (track->process == process && track->kind == kind &&
		    strcmp(track->name, name) == 0)
			return track;
	}
	return NULL;
}

struct error *profile_tracks_need(struct profile_tracks *tracks, int32_t process, int kind,
				  const char *name, size_t *ret)
{
	const uint64_t key = track_key(process, kind, name);
	const uintptr_t last = (uintptr_t)addr_map_get(&tracks->track_of_key, key);
	const struct profile_track *known = profile_tracks_find(tracks, process, kind, name);

	if (known != NULL) {
		*ret = (size_t)(known - tracks->tracks);
		return NULL;
	}
	struct error *err = array_reserve(&tracks->tracks, &tracks->capacity, tracks->count + 1,
					  sizeof(*tracks->tracks));
	char *copy = err == NULL ? strdup(name) : NULL;
	if (err == NULL && copy == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = addr_map_put(&tracks->track_of_key, key,
				   (void *)(uintptr_t)(tracks->count + 1));
	if (err != NULL) {
		free(copy);
		return err;
	}
	*ret = tracks->count;
	tracks->tracks[tracks->count++] = (struct profile_track){
		.process = process,
		.kind = kind,
		.name = copy,
		.next_same_key = (int32_t)last - 1,
	};
	return NULL;
}

struct error *profile_tracks_copy(const struct profile_tracks *tracks, struct profile_tracks *ret)
{
	struct error *err = NULL;
	size_t index;

	for (size_t i = 0; err == NULL && i < tracks->count; i++) {
		const struct profile_track *track = &tracks->tracks[i];
		err = profile_tracks_need(ret, track->process, track->kind, track->name, &index);
		if (err == NULL)
			err = series_copy(&track->series, &ret->tracks[index].series);
	}
	return err;
}

void profile_tracks_deinit(struct profile_tracks *tracks)
{
	for (size_t i = 0; i < tracks->count; i++) {
		free(tracks->tracks[i].name);
		series_deinit(&tracks->tracks[i].series);
	}
	free(tracks->tracks);
	addr_map_deinit(&tracks->track_of_key);
	*tracks = (struct profile_tracks){ 0 };
}

double profile_track_value(const struct profile_track *track, int64_t time_ns)
{
	const size_t next = time_ns < INT64_MAX ? series_find(&track->series, time_ns + 1)
						: track->series.count;

	return next == 0 ? 0 : track->series.mib[next - 1];
}
