/* The records of calls: FUNC, OPEN, MANY; see profile_records.h. Plot layer. */
#include <string.h>

#include "plot/profile/profile_records.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

static uint64_t open_call_key(int32_t function, const struct profile_call *call)
{
	/* Odd multipliers spread the parts; equality is checked against the call itself. */
	return ((uint64_t)call->in_ns * 0x9e3779b97f4a7c15u) ^
	       ((uint64_t)(uint32_t)function * 0xc2b2ae3d27d4eb4fu) ^
	       ((uint64_t)(uint32_t)call->tid * 0x165667b19e3779f9u) ^
	       ((uint64_t)(uint32_t)call->level * 0x27d4eb2f165667c5u);
}

/* Recursion that was there at an attach or a fork has one time for all its calls: levels differ. */
static struct open_call *open_call_find(struct record_reader *reader, int32_t function,
					const struct profile_call *call)
{
	uintptr_t slot =
		(uintptr_t)addr_map_get(&reader->open_of_key, open_call_key(function, call));
	if (slot == 0)
		return NULL;
	struct open_call *open = &reader->open[slot - 1];
	if (open->function != function || open->call.in_ns != call->in_ns ||
	    open->call.tid != call->tid || open->call.level != call->level)
		return NULL;
	return open;
}

static enum call_end how_of_word(const char *word, size_t bytes)
{
	static const struct {
		const char *word;
		enum call_end how;
	} hows[] = {
		{ PROFILE_HOW_UNWOUND, CALL_UNWOUND }, { PROFILE_HOW_EXIT, CALL_EXIT },
		{ PROFILE_HOW_EXEC, CALL_EXEC },       { PROFILE_HOW_FORKED, CALL_FORKED },
		{ PROFILE_HOW_BEFORE, CALL_BEFORE },   { PROFILE_HOW_OPEN, CALL_OPEN },
	};

	for (size_t i = 0; i < sizeof(hows) / sizeof(hows[0]); i++) {
		if (strlen(hows[i].word) == bytes && memcmp(hows[i].word, word, bytes) == 0)
			return hows[i].how;
	}
	return CALL_RETURNED;
}

/* The level, pid and tid that end FUNC and OPEN; mprof writes the level at most. */
static bool read_call_origin(struct fields *fields, struct profile_call *call, int32_t *ret_pid)
{
	*ret_pid = 0;
	call->level = -1;
	call->tid = 0;
	if (fields_at_end(fields))
		return true;
	if (!fields_read_int(fields, &call->level))
		return false;
	if (fields_at_end(fields))
		return true;
	return fields_read_int(fields, ret_pid) && fields_read_int(fields, &call->tid);
}

static struct error *call_locate(struct record_reader *reader, const char *name, size_t bytes,
				 int32_t pid, struct profile_call *call, int32_t *ret_function)
{
	struct error *err = profile_need_function(reader->profile, name, bytes, ret_function);
	if (err == NULL)
		err = profile_need_process(reader->profile, pid, &call->process);
	if (!text_is_utf8(name, bytes))
		reader->damage = RECORD_NOT_UTF8;
	return err;
}

struct error *record_read_func(struct record_reader *reader, struct fields *fields)
{
	const char *name, *how;
	size_t name_bytes, how_bytes;
	struct profile_call call = { .how = CALL_RETURNED };
	int32_t pid, function;

	if (!fields_read_word(fields, &name, &name_bytes) ||
	    !fields_read_mib(fields, &call.mib_in) || !fields_read_time(fields, &call.in_ns) ||
	    !fields_read_mib(fields, &call.mib_out) || !fields_read_time(fields, &call.out_ns) ||
	    !read_call_origin(fields, &call, &pid))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	if (call.out_ns < call.in_ns)
		return record_damaged(reader, "a call ends before it starts");
	if (call.mib_in < 0 || call.mib_out < 0)
		return record_damaged(reader, "negative memory");
	if (fields_read_word(fields, &how, &how_bytes))
		call.how = how_of_word(how, how_bytes);
	struct error *err = call_locate(reader, name, name_bytes, pid, &call, &function);
	if (err != NULL)
		return err;
	struct open_call *open = open_call_find(reader, function, &call);
	if (open != NULL)
		open->is_superseded = true;
	return profile_add_call(reader->profile, function, &call);
}

struct error *record_read_open(struct record_reader *reader, struct fields *fields)
{
	const char *name;
	size_t name_bytes;
	struct profile_call call = { .how = CALL_OPEN };
	int32_t pid, function;

	if (!fields_read_word(fields, &name, &name_bytes) ||
	    !fields_read_mib(fields, &call.mib_in) || call.mib_in < 0 ||
	    !fields_read_time(fields, &call.in_ns) || !read_call_origin(fields, &call, &pid))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = call_locate(reader, name, name_bytes, pid, &call, &function);
	if (err != NULL || open_call_find(reader, function, &call) != NULL)
		return err;
	err = array_reserve(&reader->open, &reader->open_capacity, reader->open_count + 1,
			    sizeof(*reader->open));
	if (err != NULL)
		return err;
	reader->open[reader->open_count++] = (struct open_call){ call, function, false };
	return addr_map_put(&reader->open_of_key, open_call_key(function, &call),
			    (void *)(uintptr_t)reader->open_count);
}

struct error *record_read_many(struct record_reader *reader, struct fields *fields)
{
	const char *name;
	size_t name_bytes;
	struct condensed_calls many;
	int32_t pid, function;

	if (!fields_read_word(fields, &name, &name_bytes) || !fields_read_int(fields, &pid) ||
	    !fields_read_time(fields, &many.from_ns) || !fields_read_time(fields, &many.to_ns) ||
	    !fields_read_count(fields, &many.count) || !fields_read_time(fields, &many.total_ns) ||
	    !fields_read_time(fields, &many.shortest_ns) ||
	    !fields_read_time(fields, &many.longest_ns) ||
	    !fields_read_mib(fields, &many.mib_gained) || !fields_read_mib(fields, &many.mib_max))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	if (many.total_ns < 0 || many.shortest_ns < 0 || many.longest_ns < 0)
		return record_damaged(reader, "a negative duration");
	if (many.to_ns < many.from_ns)
		return record_damaged(reader, "a window ends before it starts");
	struct error *err = profile_need_function(reader->profile, name, name_bytes, &function);
	if (err == NULL)
		err = profile_need_process(reader->profile, pid, &many.process);
	if (err != NULL)
		return err;
	struct profile_function *f = &reader->profile->functions[function];
	err = array_reserve(&f->condensed, &f->condensed_capacity, f->condensed_count + 1,
			    sizeof(*f->condensed));
	if (err == NULL)
		f->condensed[f->condensed_count++] = many;
	return err;
}
