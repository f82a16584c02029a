/* Parts of the memory of a process; see part_slots.h. Record layer. */
#include "tracer/record/part_slots.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"
#include "tracer/record/recorder_private.h"

/* With names, of one process; a part that has less than one of so many of the whole gets none. */
enum { NAMES_MOST = 32, SHARE_LEAST = 128 };

static struct part_slot *find_slot(const struct part_slots *slots, enum part_kind kind,
				   const char *name)
{
	for (size_t i = 0; i < slots->count; i++) {
		struct part_slot *slot = &slots->slots[i];
		if (slot->part.kind == kind && strcmp(slot->part.name, name) == 0)
			return slot;
	}
	return NULL;
}

/* NULL: there is no memory for it. */
static struct part_slot *need_slot(struct part_slots *slots, enum part_kind kind, const char *name)
{
	struct part_slot *known = find_slot(slots, kind, name);
	struct error *err;

	if (known != NULL)
		return known;
	char *copy = strdup(name);
	err = copy == NULL ? error_no_memory()
			   : array_reserve(&slots->slots, &slots->capacity, slots->count + 1,
					   sizeof(*slots->slots));
	if (err != NULL) {
		error_free(err);
		free(copy);
		return NULL;
	}
	known = &slots->slots[slots->count++];
	*known = (struct part_slot){ .part = { .kind = kind, .name = copy } };
	return known;
}

static size_t count_names(const struct part_slots *slots)
{
	size_t names = 0;

	for (size_t i = 0; i < slots->count; i++)
		names += slots->slots[i].part.name[0] != '\0';
	return names;
}

static void add_part(struct part_slots *slots, const struct memory_part *part, uint64_t total_bytes)
{
	struct part_slot *slot = find_slot(slots, part->kind, part->name);
	const bool is_small = part->bytes < total_bytes / SHARE_LEAST;

	if (slot == NULL)
		slot = need_slot(slots, part->kind,
				 is_small || count_names(slots) >= NAMES_MOST ? "" : part->name);
	if (slot != NULL)
		slot->now_bytes += part->bytes;
}

static void write_part(struct recorder *recorder, pid_t pid, int64_t time_ns,
		       const struct memory_part *part)
{
	RECORDER_WRITE(recorder, PROFILE_PART, { pid }, { .text = part_traits(part->kind)->word },
		       { (int64_t)part->bytes }, { time_ns }, { .text = part->name });
}

void recorder_parts(struct recorder *recorder, pid_t pid, int64_t time_ns, struct part_slots *slots,
		    const struct memory_part *parts, size_t count, enum part_kind first,
		    enum part_kind end)
{
	uint64_t total_bytes = 0;
	char none[] = "";

	for (size_t i = 0; i < slots->count; i++)
		slots->slots[i].now_bytes = 0;
	for (size_t i = 0; i < count; i++)
		total_bytes += parts[i].bytes;
	for (size_t i = 0; i < count; i++)
		add_part(slots, &parts[i], total_bytes);
	for (size_t i = 0; i < slots->count; i++) {
		struct part_slot *slot = &slots->slots[i];
		if (slot->part.kind < first || slot->part.kind >= end ||
		    slot->now_bytes == slot->part.bytes)
			continue;
		slot->part.bytes = slot->now_bytes;
		write_part(recorder, pid, time_ns, &slot->part);
	}
	/* When the mappings were looked at, also where nothing had changed. */
	if (end > PART_COUNTERS)
		write_part(recorder, pid, time_ns,
			   &(struct memory_part){ PART_MAPS, none, total_bytes });
}

void part_slots_deinit(struct part_slots *slots)
{
	for (size_t i = 0; i < slots->count; i++)
		free(slots->slots[i].part.name);
	free(slots->slots);
	*slots = (struct part_slots){ 0 };
}
