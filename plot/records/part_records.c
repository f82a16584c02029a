/* The records of what memory is made of; see part_records.h. Plot layer. */
#include "plot/records/part_records.h"

#include <stdlib.h>

#include "tracer/base/memory/part_kind.h"

/*
 * What is kept of a part: no less than so many points, where of the samples there are fewer, since what it was at
 * a moment is asked for.
 */
static struct series_range part_range(const struct record_reader *reader)
{
	enum { LEAST_POINTS = 1 << 14 };
	struct series_range range = { INT64_MIN, INT64_MAX, 0 };

	if (reader->range != NULL)
		range = *reader->range;
	if (range.limit > 0 && range.limit < LEAST_POINTS)
		range.limit = LEAST_POINTS;
	return range;
}

/* A kind of a later version is ignored, as a record of one is. */
struct error *record_read_part(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;
	const double mib = values->of[2].mib;
	const int64_t time_ns = values->of[3].ns;
	enum part_kind kind;
	int32_t process;
	size_t index;
	char *name = NULL;

	if (!part_kind_find(values->of[1].text.at, values->of[1].text.bytes, &kind))
		return NULL;
	if (mib < 0)
		return record_damaged(reader, "negative memory");
	struct error *err = profile_need_process(profile, values->of[0].number, &process);
	if (err == NULL)
		err = record_read_text(reader, &values->of[4], &name);
	if (err == NULL)
		err = profile_tracks_need(&profile->parts, process, kind, name, &index);
	free(name);
	if (err != NULL)
		return err;
	struct series *series = &profile->parts.tracks[index].series;
	if (series->count > 0 && time_ns < series->time_ns[series->count - 1])
		return record_damaged(reader, "time goes back");
	const struct series_range range = part_range(reader);
	return series_add(series, &range, time_ns, mib);
}
