/* What is exported, and its samples; see export_source.h. Plot layer. */
#include "plot/export/export_source.h"

#include <sys/stat.h>

#include "plot/records/profile_reader.h"

/* The fewest that a reading keeps of a process: none of them is looked at. */
static const struct series_range few = { INT64_MIN, INT64_MAX, 64 };

struct error *export_source_open(struct export_source *source, const char *path)
{
	struct stat status;
	bool is_regular = stat(path, &status) == 0 && S_ISREG(status.st_mode);
	const struct profile_reading reading = { .range = is_regular ? &few : NULL };

	source->holds_samples = !is_regular;
	return profile_read_with(&source->profile, path, &reading);
}

void export_source_close(struct export_source *source)
{
	profile_deinit(&source->profile);
}

static struct error *visit_tracks(const struct profile_tracks *tracks, bool is_companion,
				  const struct sample_visitor *visitor)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < tracks->count; i++) {
		const struct series *series = &tracks->tracks[i].series;
		for (size_t k = 0; err == NULL && k < series->count; k++)
			err = visitor->visit_track(visitor->data, is_companion, i,
						   series->time_ns[k], series->mib[k]);
	}
	return err;
}

struct error *export_source_visit(const struct export_source *source,
				  const struct sample_visitor *visitor)
{
	const struct profile *profile = &source->profile;
	struct error *err = NULL;

	if (!source->holds_samples)
		return profile_visit_samples(profile, visitor, NULL, NULL);
	if (visitor->visit_track != NULL) {
		err = visit_tracks(&profile->parts, false, visitor);
		return err != NULL ? err : visit_tracks(&profile->companions, true, visitor);
	}
	for (size_t i = 0; err == NULL && i < profile->process_count; i++) {
		const struct series *series = &profile->processes[i].series;
		for (size_t k = 0; err == NULL && k < series->count; k++)
			err = visitor->visit(visitor->data, (int32_t)i, series->time_ns[k],
					     series->mib[k]);
	}
	return err;
}
