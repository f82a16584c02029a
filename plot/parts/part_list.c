/* What memory was made of at one moment; see part_list.h. Plot layer. */
#include "plot/parts/part_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/parts/part_view.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

int64_t part_list_look_ns(const struct profile *profile, int32_t process, int64_t time_ns)
{
	const struct profile_track *looks =
		profile_tracks_find(&profile->parts, process, PART_MAPS, "");
	const struct series *series = looks == NULL ? NULL : &looks->series;

	if (series == NULL || series->count == 0)
		return time_ns;
	size_t behind = series_find(series, time_ns);
	if (behind == series->count)
		return series->time_ns[behind - 1];
	const int64_t after_ns = series->time_ns[behind] - time_ns;
	if (behind > 0 && time_ns - series->time_ns[behind - 1] <= after_ns)
		behind--;
	return series->time_ns[behind];
}

/* The one that was listed of that kind and title, or a new one. */
static struct error *need_amount(struct part_list *list, size_t *capacity, struct addr_map *known,
				 const struct profile_track *part, struct part_amount **ret)
{
	const uint64_t key = part_view_key(part);
	uintptr_t index = (uintptr_t)addr_map_get(known, key);

	if (index == 0) {
		struct error *err = array_reserve(&list->amounts, capacity, list->count + 1,
						  sizeof(*list->amounts));
		if (err == NULL)
			err = addr_map_put(known, key, (void *)(uintptr_t)(list->count + 1));
		if (err != NULL)
			return err;
		list->amounts[list->count++] = (struct part_amount){
			.kind = part->kind,
			.title = part_title(part),
		};
		index = list->count;
	}
	*ret = &list->amounts[index - 1];
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const struct part_amount *one = a, *other = b;

	if (one->mib != other->mib)
		return one->mib > other->mib ? -1 : 1;
	return one->kind != other->kind ? (one->kind < other->kind ? -1 : 1)
					: strcmp(one->title, other->title);
}

struct error *part_list_init(struct part_list *list, const struct profile *profile, size_t process,
			     int64_t time_ns)
{
	struct addr_map known = { 0 };
	struct part_view view;
	struct error *err = NULL;
	size_t capacity = 0;

	*list = (struct part_list){ .at_ns = time_ns };
	if (!part_view_init(&view, profile, process))
		return NULL;
	list->at_ns = part_list_look_ns(profile, view.process, time_ns);
	for (size_t i = 0; err == NULL && i < profile->parts.count; i++) {
		const struct profile_track *part = &profile->parts.tracks[i];
		struct part_amount *amount;
		if (!part_view_has(&view, part) || list->at_ns > part_view_end_ns(&view, part))
			continue;
		const double mib = profile_track_value(part, list->at_ns);
		if (mib <= 0)
			continue;
		err = need_amount(list, &capacity, &known, part, &amount);
		if (err == NULL)
			amount->mib += mib;
	}
	addr_map_deinit(&known);
	if (err != NULL)
		part_list_deinit(list);
	else if (list->count > 0)
		qsort(list->amounts, list->count, sizeof(*list->amounts), compare);
	return err;
}

void part_list_deinit(struct part_list *list)
{
	free(list->amounts);
	*list = (struct part_list){ 0 };
}

char *part_list_format(const struct part_list *list, size_t most)
{
	char memory[TEXT_FIGURE_BYTES], *text = NULL;
	size_t bytes, shown = list->count > most ? most - 1 : list->count;
	double rest_mib = 0;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		const struct part_amount *amount = &list->amounts[i];
		if (i >= shown) {
			rest_mib += amount->mib;
			continue;
		}
		text_format_memory(memory, amount->mib);
		fprintf(out, "%s%s %s", i > 0 ? ", " : "", amount->title, memory);
	}
	text_format_memory(memory, rest_mib);
	if (shown < list->count)
		fprintf(out, ", %zu others %s", list->count - shown, memory);
	return fclose(out) == 0 ? text : NULL;
}
