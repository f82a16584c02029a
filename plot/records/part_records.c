/* The records of what memory is made of; see part_records.h. Plot layer. */
#include "plot/records/part_records.h"

#include <stdlib.h>

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
		err = profile_parts_need(&profile->parts, process, kind, name, &index);
	free(name);
	if (err != NULL)
		return err;
	struct series *series = &profile->parts.parts[index].series;
	if (series->count > 0 && time_ns < series->time_ns[series->count - 1])
		return record_damaged(reader, "time goes back");
	return series_add(series, reader->range, time_ns, mib);
}
