/* The records of what memory is made of, and of what is beside it; see part_records.h. Plot layer. */
#include "plot/records/part_records.h"

#include <stdlib.h>

#include "tracer/base/memory/companion.h"
#include "tracer/base/memory/part_kind.h"

/*
 * What is kept of a track: no less than so many points, where of the samples there are fewer, since what it was at
 * a moment is asked for.
 */
static struct series_range track_range(const struct record_reader *reader)
{
	enum { LEAST_POINTS = 1 << 14 };
	struct series_range range = { INT64_MIN, INT64_MAX, 0 };

	if (reader->range != NULL)
		range = *reader->range;
	if (range.limit > 0 && range.limit < LEAST_POINTS)
		range.limit = LEAST_POINTS;
	return range;
}

static struct error *add_point(struct record_reader *reader, struct profile_tracks *tracks,
			       size_t index, int64_t time_ns, double value)
{
	const struct sample_visitor *visitor = reader->visitor;
	struct series *series = &tracks->tracks[index].series;
	const struct series_range range = track_range(reader);

	if (value < 0)
		return record_damaged(reader, "negative");
	if (series->count > 0 && time_ns < series->time_ns[series->count - 1])
		return record_damaged(reader, "time goes back");
	struct error *err = NULL;
	if (visitor != NULL && visitor->visit_track != NULL)
		err = visitor->visit_track(visitor->data, tracks == &reader->profile->companions,
					   index, time_ns, value);
	return err != NULL ? err : series_add(series, &range, time_ns, value);
}

/* A kind of a later version is ignored, as a record of one is. */
struct error *record_read_part(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;
	enum part_kind kind;
	int32_t process;
	size_t index;
	char *name = NULL;

	if (!part_kind_find(values->of[1].text.at, values->of[1].text.bytes, &kind))
		return NULL;
	struct error *err = profile_need_process(profile, values->of[0].number, &process);
	if (err == NULL)
		err = record_read_text(reader, &values->of[4], &name);
	if (err == NULL)
		err = profile_tracks_need(&profile->parts, process, kind, name, &index);
	free(name);
	return err != NULL ? err
			   : add_point(reader, &profile->parts, index, values->of[3].ns,
				       values->of[2].mib);
}

struct error *record_read_with(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;
	enum companion companion;
	int32_t process;
	size_t index;

	if (!companion_find(values->of[1].text.at, values->of[1].text.bytes, &companion))
		return NULL;
	struct error *err = profile_need_process(profile, values->of[0].number, &process);
	if (err == NULL)
		err = profile_tracks_need(&profile->companions, process, companion, "", &index);
	return err != NULL ? err
			   : add_point(reader, &profile->companions, index, values->of[3].ns,
				       values->of[2].mib);
}
