/* Stacks of a profile; see profile_stacks.h. Plot layer. */
#include "plot/profile/profile_stacks.h"

#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "tracer/base/array.h"

void profile_stacks_deinit(struct profile_stacks *stacks)
{
	for (size_t i = 0; i < stacks->name_count; i++)
		free(stacks->names[i]);
	free(stacks->names);
	free(stacks->frames);
	free(stacks->met);
	free(stacks->grown);
	addr_map_deinit(&stacks->name_of_key);
	addr_map_deinit(&stacks->met_of_call);
	*stacks = (struct profile_stacks){ 0 };
}

static struct error *copy_items(void *ret, size_t *ret_capacity, const void *items, size_t count,
				size_t item_bytes)
{
	struct error *err = array_reserve(ret, ret_capacity, count, item_bytes);
	if (err == NULL && count > 0)
		memcpy(*(void **)ret, items, count * item_bytes);
	return err;
}

struct error *profile_stacks_copy(const struct profile_stacks *stacks, struct profile_stacks *ret)
{
	*ret = (struct profile_stacks){ 0 };
	struct error *err = copy_items(&ret->frames, &ret->frame_capacity, stacks->frames,
				       stacks->frame_count, sizeof(*ret->frames));
	if (err == NULL) {
		ret->frame_count = stacks->frame_count;
		err = copy_items(&ret->met, &ret->met_capacity, stacks->met, stacks->met_count,
				 sizeof(*ret->met));
	}
	if (err == NULL) {
		ret->met_count = stacks->met_count;
		err = copy_items(&ret->grown, &ret->grown_capacity, stacks->grown,
				 stacks->grown_count, sizeof(*ret->grown));
	}
	if (err == NULL) {
		ret->grown_count = stacks->grown_count;
		err = array_reserve(&ret->names, &ret->name_capacity, stacks->name_count,
				    sizeof(*ret->names));
	}
	for (size_t i = 0; err == NULL && i < stacks->name_count; i++) {
		ret->names[i] = strdup(stacks->names[i]);
		if (ret->names[i] == NULL)
			return error_no_memory();
		ret->name_count++;
	}
	if (err == NULL)
		err = addr_map_copy(&stacks->name_of_key, &ret->name_of_key);
	return err != NULL ? err : addr_map_copy(&stacks->met_of_call, &ret->met_of_call);
}

static struct error *stacks_add_name(struct profile_stacks *stacks, char *clean, uint64_t key)
{
	struct error *err = array_reserve(&stacks->names, &stacks->name_capacity,
					  stacks->name_count + 1, sizeof(*stacks->names));

	if (err == NULL)
		err = addr_map_put(&stacks->name_of_key, key,
				   (void *)(uintptr_t)(stacks->name_count + 1));
	if (err == NULL)
		stacks->names[stacks->name_count++] = clean;
	return err;
}

struct error *profile_stacks_name(struct profile_stacks *stacks, const char *text, size_t bytes,
				  int32_t *ret)
{
	char *clean = text_clean(text, bytes);
	if (clean == NULL)
		return error_no_memory();
	const uint64_t key = addr_map_text_key(clean, strlen(clean));
	const uintptr_t known = (uintptr_t)addr_map_get(&stacks->name_of_key, key);
	/* Of two texts with one key, of which one may be made, each is another name every time. */
	if (known != 0 && strcmp(stacks->names[known - 1], clean) == 0) {
		free(clean);
		*ret = (int32_t)(known - 1);
		return NULL;
	}
	struct error *err = stacks_add_name(stacks, clean, key);
	*ret = (int32_t)stacks->name_count - 1;
	if (err != NULL)
		free(clean);
	return err;
}

int32_t profile_stacks_find(const struct profile_stacks *stacks, uint64_t id)
{
	size_t low = 0, high = stacks->frame_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (stacks->frames[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < stacks->frame_count && stacks->frames[low].id == id ? (int32_t)low : -1;
}

struct error *profile_stacks_add_frame(struct profile_stacks *stacks,
				       const struct profile_frame *frame)
{
	struct error *err = array_reserve(&stacks->frames, &stacks->frame_capacity,
					  stacks->frame_count + 1, sizeof(*stacks->frames));
	if (err == NULL)
		stacks->frames[stacks->frame_count++] = *frame;
	return err;
}

static uint64_t call_key(int32_t process, int32_t tid, int64_t in_ns)
{
	const uint64_t thread = (uint64_t)(uint32_t)process << 32 | (uint32_t)tid;
	return (uint64_t)in_ns ^ thread * UINT64_C(0x9e3779b97f4a7c15);
}

static struct error *note_call(struct profile_stacks *stacks, size_t index)
{
	const struct met_stack *met = &stacks->met[index];

	if (met->why != STACK_AT_ENTRY)
		return NULL;
	return addr_map_put(&stacks->met_of_call, call_key(met->process, met->tid, met->at_ns),
			    (void *)(uintptr_t)(index + 1));
}

struct error *profile_stacks_add_met(struct profile_stacks *stacks, const struct met_stack *met)
{
	struct error *err = array_reserve(&stacks->met, &stacks->met_capacity,
					  stacks->met_count + 1, sizeof(*stacks->met));
	if (err != NULL)
		return err;
	stacks->met[stacks->met_count++] = *met;
	return note_call(stacks, stacks->met_count - 1);
}

void profile_stacks_keep(struct profile_stacks *stacks, const bool *wanted)
{
	size_t kept = 0;

	/* Calls whose stacks find no room in the map any more have none to show. */
	addr_map_deinit(&stacks->met_of_call);
	stacks->met_of_call = (struct addr_map){ 0 };
	for (size_t i = 0; i < stacks->met_count; i++) {
		if (!wanted[stacks->met[i].process])
			continue;
		stacks->met[kept] = stacks->met[i];
		error_free(note_call(stacks, kept++));
	}
	stacks->met_count = kept;
	kept = 0;
	for (size_t i = 0; i < stacks->grown_count; i++) {
		if (wanted[stacks->grown[i].process])
			stacks->grown[kept++] = stacks->grown[i];
	}
	stacks->grown_count = kept;
}

const struct met_stack *profile_stacks_entry(const struct profile_stacks *stacks, int32_t process,
					     int32_t tid, int64_t in_ns)
{
	const uintptr_t known =
		(uintptr_t)addr_map_get(&stacks->met_of_call, call_key(process, tid, in_ns));
	const struct met_stack *met = known == 0 ? NULL : &stacks->met[known - 1];

	/* Two of them may have one key, and one is lost then. */
	bool is_it =
		met != NULL && met->process == process && met->tid == tid && met->at_ns == in_ns;
	return is_it ? met : NULL;
}

struct error *profile_stacks_add_grown(struct profile_stacks *stacks,
				       const struct grown_stack *grown)
{
	struct error *err = array_reserve(&stacks->grown, &stacks->grown_capacity,
					  stacks->grown_count + 1, sizeof(*stacks->grown));
	if (err == NULL)
		stacks->grown[stacks->grown_count++] = *grown;
	return err;
}
