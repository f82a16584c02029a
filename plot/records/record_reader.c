/* What the readers of single records share; see record_reader.h. Plot layer. */
#include "plot/records/record_reader.h"

#include <stdlib.h>

#include "plot/text/text.h"

void record_reader_deinit(struct record_reader *reader)
{
	free(reader->open);
	addr_map_deinit(&reader->open_of_key);
}

struct error *record_damaged(struct record_reader *reader, const char *what)
{
	reader->damage = what;
	return NULL;
}

struct error *record_read_text(struct record_reader *reader, const union field_value *text,
			       char **field)
{
	char *clean = text_clean(text->text.at, text->text.bytes);
	if (clean == NULL)
		return error_no_memory();
	if (!text_is_utf8(text->text.at, text->text.bytes))
		reader->damage = RECORD_NOT_UTF8; /* still used, with its bad bytes replaced */
	free(*field);
	*field = clean;
	return NULL;
}

void record_end_moment(struct record_reader *reader)
{
	struct profile *profile = reader->profile;

	if (reader->together_mib <= profile->together_mib)
		return;
	profile->together_mib = reader->together_mib;
	profile->together_ns = reader->together_ns;
}

void record_count_memory(struct record_reader *reader, int32_t process, int64_t time_ns, double mib)
{
	struct profile_process *p = &reader->profile->processes[process];

	if (time_ns != reader->together_ns)
		record_end_moment(reader);
	reader->together_ns = time_ns;
	reader->together_mib += mib - p->counted_mib;
	p->counted_mib = mib;
}
