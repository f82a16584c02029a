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
	addr_map_deinit(&stacks->name_of_key);
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
		err = array_reserve(&ret->names, &ret->name_capacity, stacks->name_count,
				    sizeof(*ret->names));
	}
	for (size_t i = 0; err == NULL && i < stacks->name_count; i++) {
		ret->names[i] = strdup(stacks->names[i]);
		if (ret->names[i] == NULL)
			return error_no_memory();
		ret->name_count++;
	}
	return err != NULL ? err : addr_map_copy(&stacks->name_of_key, &ret->name_of_key);
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

struct error *profile_stacks_add_met(struct profile_stacks *stacks, const struct met_stack *met)
{
	struct error *err = array_reserve(&stacks->met, &stacks->met_capacity,
					  stacks->met_count + 1, sizeof(*stacks->met));
	if (err == NULL)
		stacks->met[stacks->met_count++] = *met;
	return err;
}
