/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record by its table; see record_line.h. Record layer. */
#include "tracer/record/record_line.h"

#include <assert.h>
#include <stdbool.h>

#include "tracer/record/record_text.h"

static void write_field(struct line_writer *out, const struct clock_base *clock,
			const struct profile_field *field, const union record_value *value)
{
	switch (field->type) {
	case FIELD_MIB:
		line_writer_mib(out, value->number);
		break;
	case FIELD_TIME:
		line_writer_seconds(out, clock_epoch_ns(clock, value->number));
		break;
	case FIELD_SECONDS:
		line_writer_seconds(out, value->number);
		break;
	case FIELD_PID:
	case FIELD_INT:
	case FIELD_COUNT:
		line_writer_number(out, value->number);
		break;
	case FIELD_NAME:
	case FIELD_VALUE:
		line_writer_field(out, value->text);
		break;
	case FIELD_TEXT:
		line_writer_word(out, " ");
		record_text_write(out, value->text, "\xc2\xa0");
		break;
	case FIELD_REST:
		record_text_rest(out, value->text);
		break;
	case FIELD_COMMAND:
		for (char *const *word = value->words; *word != NULL; word++)
			record_text_quoted(out, *word);
		break;
	case FIELD_FLAG:
		if (value->number != 0)
			line_writer_field(out, field->name);
		break;
	case FIELD_HOW:
		line_writer_field(out, profile_how_words[value->number]);
		break;
	case FIELD_HELD:
		if (profile_held_words[value->number] != NULL)
			line_writer_field(out, profile_held_words[value->number]);
		break;
	case FIELD_NONE:
		break;
	}
}

/* At the end of a line, where a reader takes it for granted. */
static bool is_left_out(const struct profile_field *field, const union record_value *value)
{
	if (field->type == FIELD_REST)
		return value->text[0] == '\0';
	return (field->type == FIELD_FLAG || field->type == FIELD_HOW ||
		field->type == FIELD_HELD) &&
	       value->number == 0;
}

void record_line_write(struct line_writer *out, const struct clock_base *clock,
		       enum profile_record_kind kind, const union record_value *values,
		       size_t count)
{
	const struct profile_record *record = &profile_records[kind];

	assert(count == profile_record_fields(record));
	line_writer_word(out, record->word);
	while (count > 0 && is_left_out(&record->fields[count - 1], &values[count - 1]))
		count--;
	for (size_t i = 0; i < count; i++)
		write_field(out, clock, &record->fields[i], &values[i]);
	line_writer_end_line(out);
}
