/* The records of stacks; see stack_records.h. Plot layer. */
#include "plot/records/stack_records.h"

#include <string.h>

/* No recording has as many: tracer/loop/stacks/stack_nodes.h. */
enum { FRAMES_MAX = 1 << 22 };

/* Nor is a stack so deep: of 256 functions, each with 64 that are inlined into it. What adds up stacks walks along them. */
enum { DEPTH_MAX = 1 << 15 };

struct error *record_read_frame(struct record_reader *reader, const struct field_values *values)
{
	struct profile_stacks *stacks = &reader->profile->stacks;
	const union field_value *name = &values->of[2], *module = &values->of[3];
	struct profile_frame frame = {
		.id = values->of[0].count,
		.outer = -1,
		.is_inlined = values->count > 4 && values->of[4].is_set,
	};

	if (frame.id == 0 || stacks->frame_count >= FRAMES_MAX ||
	    (stacks->frame_count > 0 && frame.id <= stacks->frames[stacks->frame_count - 1].id))
		return record_damaged(reader, "the number of a frame does not rise");
	if (values->of[1].count != 0) {
		frame.outer = profile_stacks_find(stacks, values->of[1].count);
		if (frame.outer < 0)
			return record_damaged(reader, "a frame without its caller's");
		if (stacks->frames[frame.outer].depth >= DEPTH_MAX)
			return record_damaged(reader, "a stack that is too deep");
		frame.depth = stacks->frames[frame.outer].depth + 1;
	}
	struct error *err =
		profile_stacks_name(stacks, name->text.at, name->text.bytes, &frame.name);
	if (err == NULL)
		err = profile_stacks_name(stacks, module->text.at, module->text.bytes,
					  &frame.module);
	return err != NULL ? err : profile_stacks_add_frame(stacks, &frame);
}

/* The index of @value among @words; -1: it is none of them. */
static int word_index(const union field_value *value, const char *const *words, int count)
{
	for (int i = 0; i < count; i++) {
		if (strlen(words[i]) == value->text.bytes &&
		    memcmp(words[i], value->text.at, value->text.bytes) == 0)
			return i;
	}
	return -1;
}

struct error *record_read_stack(struct record_reader *reader, const struct field_values *values)
{
	struct profile_stacks *stacks = &reader->profile->stacks;
	const union field_value *detail = &values->of[7];
	const int why = word_index(&values->of[5], profile_stack_whys, STACK_WHYS);
	const int state = word_index(&values->of[6], profile_stack_states, STACK_STATES);
	struct met_stack met = {
		.frame = -1,
		.mib = values->of[1].mib,
		.at_ns = values->of[2].ns,
		.tid = values->of[4].number,
		.detail = -1,
	};

	if (met.mib < 0)
		return record_damaged(reader, "negative memory");
	if (why < 0 || state < 0) /* of a later version */
		return NULL;
	met.why = (enum stack_why)why;
	met.state = (enum stack_state)state;
	if (values->of[0].count != 0) {
		met.frame = profile_stacks_find(stacks, values->of[0].count);
		if (met.frame < 0)
			return record_damaged(reader, "a stack without its frame");
	}
	struct error *err =
		profile_need_process(reader->profile, values->of[3].number, &met.process);
	if (met.state == STACK_GREW && values->count > 7) {
		struct fields fields = { detail->text.at, detail->text.at + detail->text.bytes };
		if (!fields_read_mib(&fields, &met.grown_mib))
			return record_damaged(reader, RECORD_NOT_A_NUMBER);
	} else if (err == NULL && values->count > 7 && detail->text.bytes > 0)
		err = profile_stacks_name(stacks, detail->text.at, detail->text.bytes, &met.detail);
	if (err != NULL || (reader->skips_calls && met.why == STACK_AT_ENTRY))
		return err;
	return profile_stacks_add_met(stacks, &met);
}

struct error *record_read_grow(struct record_reader *reader, const struct field_values *values)
{
	struct profile_stacks *stacks = &reader->profile->stacks;
	struct grown_stack grown = {
		.frame = -1,
		.mib = values->of[1].mib,
		.from_ns = values->of[3].ns,
		.to_ns = values->of[4].ns,
		.faults = values->of[5].count,
	};

	if (grown.mib < 0)
		return record_damaged(reader, "negative memory");
	if (grown.to_ns < grown.from_ns)
		return record_damaged(reader, "time goes back");
	if (values->of[0].count != 0) {
		grown.frame = profile_stacks_find(stacks, values->of[0].count);
		if (grown.frame < 0)
			return record_damaged(reader, "a stack without its frame");
	}
	struct error *err =
		profile_need_process(reader->profile, values->of[2].number, &grown.process);
	return err != NULL || reader->skips_calls ? err : profile_stacks_add_grown(stacks, &grown);
}
