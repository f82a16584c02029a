/* The records of calls and of static probes; see call_records.h. Plot layer. */
#include "plot/records/call_records.h"

#include <stdlib.h>
#include <string.h>

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

/* The level, pid and tid, which end FUNC, CHFUNC and OPEN. Files of mprof have the level at most. */
static bool take_origin(const struct field_values *values, size_t first, struct profile_call *call,
			int32_t *ret_pid)
{
	bool has_thread = values->count > first + 2;

	call->level = values->count > first ? values->of[first].number : -1;
	*ret_pid = has_thread ? values->of[first + 1].number : 0;
	call->tid = has_thread ? values->of[first + 2].number : 0;
	return values->count != first + 2;
}

static struct error *call_locate(struct record_reader *reader, const union field_value *name,
				 int32_t pid, struct profile_call *call, int32_t *ret_function)
{
	const char *at = name->text.at;
	size_t bytes = name->text.bytes;
	struct error *err = profile_need_function(reader->profile, at, bytes, ret_function);

	if (err == NULL)
		err = profile_need_process(reader->profile, pid, &call->process);
	if (!text_is_utf8(at, bytes))
		reader->damage = RECORD_NOT_UTF8;
	return err;
}

static struct error *read_ended_call(struct record_reader *reader,
				     const struct field_values *values, bool is_childs)
{
	struct profile_call call = {
		.mib_in = values->of[1].mib,
		.in_ns = values->of[2].ns,
		.mib_out = values->of[3].mib,
		.out_ns = values->of[4].ns,
		.how = values->count > 8 ? values->of[8].how : CALL_RETURNED,
		.held = values->count > 9 ? values->of[9].held : CALL_HELD_NONE,
	};
	int32_t pid, function;

	if (!take_origin(values, 5, &call, &pid))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	if (call.out_ns < call.in_ns)
		return record_damaged(reader, "a call ends before it starts");
	if (call.mib_in < 0 || call.mib_out < 0)
		return record_damaged(reader, "negative memory");
	struct error *err = call_locate(reader, &values->of[0], pid, &call, &function);
	if (err != NULL)
		return err;
	if (is_childs && call.process == 0)
		return record_damaged(reader, "a child's call, of the main process");
	struct profile_process *process = &reader->profile->processes[call.process];
	process->is_child = process->is_child || is_childs;
	struct open_call *open = open_call_find(reader, function, &call);
	if (open != NULL && !open->is_superseded) {
		open->is_superseded = true;
		reader->superseded_count++;
	}
	if (reader->skips_calls)
		return NULL;
	return profile_add_call(reader->profile, function, &call);
}

struct error *record_read_func(struct record_reader *reader, const struct field_values *values)
{
	return read_ended_call(reader, values, false);
}

struct error *record_read_chfunc(struct record_reader *reader, const struct field_values *values)
{
	return read_ended_call(reader, values, true);
}

struct error *record_read_open(struct record_reader *reader, const struct field_values *values)
{
	struct profile_call call = {
		.mib_in = values->of[1].mib,
		.in_ns = values->of[2].ns,
		.how = CALL_OPEN,
		.held = values->count > 6 && values->of[6].is_set ? CALL_HELD_IN : CALL_HELD_NONE,
	};
	int32_t pid, function;

	if (!take_origin(values, 3, &call, &pid) || call.mib_in < 0)
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = call_locate(reader, &values->of[0], pid, &call, &function);
	if (err != NULL || reader->skips_calls || open_call_find(reader, function, &call) != NULL)
		return err;
	/* Those that have ended make room: a long recording has seen most of its calls open. */
	if (reader->open_count == reader->open_capacity)
		err = call_records_forget_ended(reader);
	if (err != NULL)
		return err;
	err = array_reserve(&reader->open, &reader->open_capacity, reader->open_count + 1,
			    sizeof(*reader->open));
	if (err != NULL)
		return err;
	reader->open[reader->open_count++] = (struct open_call){ call, function, false };
	return addr_map_put(&reader->open_of_key, open_call_key(function, &call),
			    (void *)(uintptr_t)reader->open_count);
}

struct error *call_records_forget_ended(struct record_reader *reader)
{
	struct error *err = NULL;
	size_t kept = 0;

	if (reader->superseded_count <= reader->open_count / 2)
		return NULL;
	addr_map_deinit(&reader->open_of_key);
	for (size_t i = 0; err == NULL && i < reader->open_count; i++) {
		const struct open_call *open = &reader->open[i];
		if (open->is_superseded)
			continue;
		reader->open[kept++] = *open;
		err = addr_map_put(&reader->open_of_key, open_call_key(open->function, &open->call),
				   (void *)(uintptr_t)kept);
	}
	reader->open_count = kept;
	reader->superseded_count = 0;
	return err;
}

struct error *record_read_many(struct record_reader *reader, const struct field_values *values)
{
	const union field_value *name = &values->of[0];
	struct condensed_calls many = {
		.from_ns = values->of[2].ns,
		.to_ns = values->of[3].ns,
		.count = values->of[4].count,
		.total_ns = values->of[5].ns,
		.shortest_ns = values->of[6].ns,
		.longest_ns = values->of[7].ns,
		.mib_gained = values->of[8].mib,
		.mib_max = values->of[9].mib,
		.held_count = values->count > 10 ? values->of[10].count : 0,
	};
	int32_t function;

	if (many.total_ns < 0 || many.shortest_ns < 0 || many.longest_ns < 0)
		return record_damaged(reader, "a negative duration");
	if (many.to_ns < many.from_ns)
		return record_damaged(reader, "a window ends before it starts");
	struct error *err =
		profile_need_function(reader->profile, name->text.at, name->text.bytes, &function);
	if (err == NULL)
		err = profile_need_process(reader->profile, values->of[1].number, &many.process);
	if (err != NULL || reader->skips_calls)
		return err;
	struct profile_function *f = &reader->profile->functions[function];
	err = array_reserve(&f->condensed, &f->condensed_capacity, f->condensed_count + 1,
			    sizeof(*f->condensed));
	if (err == NULL)
		f->condensed[f->condensed_count++] = many;
	return err;
}

/* Takes @clean if it does not fail. */
static struct error *add_marker(struct profile *profile, char *clean, uint64_t hash, uintptr_t last)
{
	struct error *err = array_reserve(&profile->markers, &profile->marker_capacity,
					  profile->marker_count + 1, sizeof(*profile->markers));

	if (err == NULL)
		err = addr_map_put(&profile->marker_of_hash, hash,
				   (void *)(uintptr_t)(profile->marker_count + 1));
	if (err == NULL)
		profile->markers[profile->marker_count++] =
			(struct marker){ .name = clean, .next_same_hash = (int32_t)last - 1 };
	return err;
}

/* There may be very many: a script may give each of its marks a name of its own. */
static struct error *need_marker(struct profile *profile, const union field_value *name,
				 struct marker **ret)
{
	char *clean = text_clean(name->text.at, name->text.bytes);
	if (clean == NULL)
		return error_no_memory();
	const uint64_t hash = addr_map_text_key(clean, strlen(clean));
	const uintptr_t last = (uintptr_t)addr_map_get(&profile->marker_of_hash, hash);
	for (int32_t i = (int32_t)last - 1; i >= 0; i = profile->markers[i].next_same_hash) {
		if (strcmp(profile->markers[i].name, clean) == 0) {
			free(clean);
			*ret = &profile->markers[i];
			return NULL;
		}
	}
	struct error *err = add_marker(profile, clean, hash, last);
	if (err != NULL) {
		free(clean);
		return err;
	}
	*ret = &profile->markers[profile->marker_count - 1];
	return NULL;
}

struct error *record_read_mark(struct record_reader *reader, const struct field_values *values)
{
	struct moment moment = {
		.mib = values->of[1].mib,
		.at_ns = values->of[2].ns,
		.is_held = values->count > 5 && values->of[5].is_set,
	};
	int32_t pid = values->count > 3 ? values->of[3].number : 0;
	struct marker *marker;

	if (moment.mib < 0)
		return record_damaged(reader, "negative memory");
	struct error *err = need_marker(reader->profile, &values->of[0], &marker);
	if (err == NULL)
		err = profile_need_process(reader->profile, pid, &moment.process);
	if (err == NULL && !reader->skips_calls)
		err = array_reserve(&marker->moments, &marker->capacity, marker->count + 1,
				    sizeof(*marker->moments));
	if (err == NULL && !reader->skips_calls)
		marker->moments[marker->count++] = moment;
	return err;
}

struct error *record_read_thrd(struct record_reader *reader, const struct field_values *values)
{
	char *name = NULL;
	int32_t process;
	struct error *err = profile_need_process(reader->profile, values->of[0].number, &process);

	if (err != NULL || values->of[2].text.bytes == 0)
		return err;
	err = record_read_text(reader, &values->of[2], &name);
	if (err != NULL)
		return err;
	return profile_name_thread(reader->profile, process, values->of[1].number, name);
}

struct error *record_read_left(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;
	char *name = NULL;

	struct error *err = array_reserve(&profile->left, &profile->left_capacity,
					  profile->left_count + 1, sizeof(*profile->left));
	if (err == NULL)
		err = record_read_text(reader, &values->of[0], &name);
	if (err == NULL)
		profile->left[profile->left_count++] = (struct left_function){
			name,
			values->of[1].ns,
			values->of[2].count,
		};
	return err;
}
