/* The records of static probes: MARK; see profile_records.h. Plot layer. */
#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile_records.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/* A file has few names: those that a user has asked for. */
static struct error *need_marker(struct profile *profile, const char *name, size_t bytes,
				 struct marker **ret)
{
	char *clean = text_clean(name, bytes);
	if (clean == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->marker_count; i++) {
		if (strcmp(profile->markers[i].name, clean) == 0) {
			free(clean);
			*ret = &profile->markers[i];
			return NULL;
		}
	}
	struct error *err = array_reserve(&profile->markers, &profile->marker_capacity,
					  profile->marker_count + 1, sizeof(*profile->markers));
	if (err != NULL) {
		free(clean);
		return err;
	}
	*ret = &profile->markers[profile->marker_count++];
	**ret = (struct marker){ .name = clean };
	return NULL;
}

struct error *record_read_mark(struct record_reader *reader, struct fields *fields)
{
	const char *name;
	size_t bytes;
	int32_t pid = 0;
	struct moment moment;
	struct marker *marker;

	if (!fields_read_word(fields, &name, &bytes) || !fields_read_mib(fields, &moment.mib) ||
	    !fields_read_time(fields, &moment.at_ns) ||
	    (!fields_at_end(fields) && !fields_read_int(fields, &pid)))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	if (moment.mib < 0)
		return record_damaged(reader, "negative memory");
	struct error *err = need_marker(reader->profile, name, bytes, &marker);
	if (err == NULL)
		err = profile_need_process(reader->profile, pid, &moment.process);
	if (err == NULL)
		err = array_reserve(&marker->moments, &marker->capacity, marker->count + 1,
				    sizeof(*marker->moments));
	if (err == NULL)
		marker->moments[marker->count++] = moment;
	return err;
}
