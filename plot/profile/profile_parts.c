/* What memory was made of; see profile_parts.h. Plot layer. */
#include "plot/profile/profile_parts.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

static uint64_t part_key(int32_t process, enum part_kind kind, const char *name)
{
	const uint64_t owner = (uint64_t)(uint32_t)process << 8 | (uint64_t)kind;

	/* By an odd factor, so that neighbours lie apart. */
	return addr_map_text_key(name, strlen(name)) ^ owner * UINT64_C(0x9e3779b97f4a7c15);
}

struct error *profile_parts_need(struct profile_parts *parts, int32_t process, enum part_kind kind,
				 const char *name, size_t *ret)
{
	const uint64_t key = part_key(process, kind, name);
	const uintptr_t last = (uintptr_t)addr_map_get(&parts->part_of_key, key);

	for (int32_t i = (int32_t)last - 1; i >= 0; i = parts->parts[i].next_same_key) {
		const struct profile_part *part = &parts->parts[i];
		*ret = (size_t)i;
		if (part->process == process && part->kind == kind && strcmp(part->name, name) == 0)
			return NULL;
	}
	struct error *err = array_reserve(&parts->parts, &parts->capacity, parts->count + 1,
					  sizeof(*parts->parts));
	char *copy = err == NULL ? strdup(name) : NULL;
	if (err == NULL && copy == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = addr_map_put(&parts->part_of_key, key, (void *)(uintptr_t)(parts->count + 1));
	if (err != NULL) {
		free(copy);
		return err;
	}
	*ret = parts->count;
	parts->parts[parts->count++] = (struct profile_part){
		.process = process,
		.kind = kind,
		.name = copy,
		.next_same_key = (int32_t)last - 1,
	};
	return NULL;
}

struct error *profile_parts_copy(const struct profile_parts *parts, struct profile_parts *ret)
{
	struct error *err = NULL;
	size_t index;

	for (size_t i = 0; err == NULL && i < parts->count; i++) {
		const struct profile_part *part = &parts->parts[i];
		err = profile_parts_need(ret, part->process, part->kind, part->name, &index);
		if (err == NULL)
			err = series_copy(&part->series, &ret->parts[index].series);
	}
	return err;
}

void profile_parts_deinit(struct profile_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->parts[i].name);
		series_deinit(&parts->parts[i].series);
	}
	free(parts->parts);
	addr_map_deinit(&parts->part_of_key);
	*parts = (struct profile_parts){ 0 };
}

double profile_part_mib(const struct profile_part *part, int64_t time_ns)
{
	const size_t next =
		time_ns < INT64_MAX ? series_find(&part->series, time_ns + 1) : part->series.count;

	return next == 0 ? 0 : part->series.mib[next - 1];
}

bool profile_parts_have_maps(const struct profile_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (parts->parts[i].kind == PART_MAPS)
			return true;
	}
	return false;
}

const char *profile_part_title(const struct profile_part *part)
{
	const struct part_traits *traits = part_traits(part->kind);
	const char *slash = strrchr(part->name, '/');

	if (part->name[0] != '\0')
		return slash != NULL && slash[1] != '\0' ? slash + 1 : part->name;
	return traits->rest != NULL ? traits->rest : traits->title;
}
