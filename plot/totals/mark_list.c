/* Marks that were read; see mark_list.h. Plot layer. */
#include "plot/totals/mark_list.h"

#include <stdlib.h>

#include "tracer/base/array.h"

struct error *mark_list_add(void *data, int32_t process, int64_t time_ns, double mib)
{
	struct mark_list *list = data;

	if (list->count == UINT32_MAX)
		return error_new(ERR_FORMAT, "more high-water marks than can be told apart");
	struct error *err =
		array_reserve(&list->notes, &list->capacity, list->count + 1, sizeof(*list->notes));
	if (err != NULL)
		return err;
	list->notes[list->count] =
		(struct mark_note){ time_ns, mib, process, (uint32_t)list->count };
	list->count++;
	return NULL;
}

static int compare_notes(const void *a, const void *b)
{
	const struct mark_note *one = a, *other = b;

	if (one->process != other->process)
		return one->process < other->process ? -1 : 1;
	if (one->at_ns != other->at_ns)
		return one->at_ns < other->at_ns ? -1 : 1;
	return one->number < other->number ? -1 : one->number > other->number;
}

void mark_list_sort(struct mark_list *list)
{
	if (list->count > 0)
		qsort(list->notes, list->count, sizeof(*list->notes), compare_notes);
}

void mark_list_deinit(struct mark_list *list)
{
	free(list->notes);
	*list = (struct mark_list){ 0 };
}

/* The first note behind @place, which is no note itself. */
static size_t find_behind(const struct mark_list *list, const struct mark_note *place)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_notes(&list->notes[middle], place) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

double mark_list_before(const struct mark_list *list, int32_t process, int64_t time_ns)
{
	const struct mark_note place = { time_ns, 0, process, UINT32_MAX };
	size_t next = find_behind(list, &place);

	return next > 0 && list->notes[next - 1].process == process ? list->notes[next - 1].mib
								    : -1;
}

double mark_list_after(const struct mark_list *list, int32_t process, int64_t time_ns)
{
	const struct mark_note place = { time_ns - 1, 0, process, UINT32_MAX };
	size_t next = find_behind(list, &place);

	return next < list->count && list->notes[next].process == process ? list->notes[next].mib
									  : -1;
}
