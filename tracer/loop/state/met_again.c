/* Sites that will be hit once more; see met_again.h. Loop layer, ground floor. */
#include "tracer/loop/state/met_again.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

/* Handlers nest, and each of a thread's fibers may have been left in one; not all return ever. */
enum { MET_AGAIN_MAX = 4096 };

void met_again_deinit(struct met_again_list *list)
{
	free(list->all);
	*list = (struct met_again_list){ 0 };
}

static struct error *met_again_reserve(struct met_again_list *list, size_t count)
{
	return array_reserve(&list->all, &list->capacity, count, sizeof(*list->all));
}

void met_again_drop(struct met_again_list *list, size_t i)
{
	list->all[i] = list->all[--list->count];
}

bool met_again_take(struct met_again_list *list, taddr_t goroutine, taddr_t site, taddr_t cfa)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct met_again *met = &list->all[i];
		if (!taddr_equal(met->site, site) || !taddr_equal(met->cfa, cfa) ||
		    !taddr_equal(met->goroutine, goroutine))
			continue;
		bool is_due = met->is_due;
		met_again_drop(list, i);
		return is_due;
	}
	return false;
}

struct error *met_again_add(struct met_again_list *list, const struct met_again *met)
{
	/* If there is one, its handler has not returned, and will not. */
	(void)met_again_take(list, met->goroutine, met->site, met->cfa);
	if (list->count == MET_AGAIN_MAX)
		met_again_drop(list, 0);
	struct error *err = met_again_reserve(list, list->count + 1);
	if (err == NULL)
		list->all[list->count++] = *met;
	return err;
}

struct error *met_again_copy(struct met_again_list *list, const struct met_again_list *from)
{
	struct error *err = met_again_reserve(list, from->count);

	if (err != NULL || from->count == 0)
		return err;
	memcpy(list->all, from->all, from->count * sizeof(*list->all));
	list->count = from->count;
	return NULL;
}

void met_again_relocate(struct met_again_list *list, taddr_t goroutine, uint64_t low, uint64_t high,
			uint64_t distance)
{
	for (size_t i = 0; i < list->count; i++) {
		struct met_again *met = &list->all[i];
		if (taddr_equal(met->goroutine, goroutine) && met->cfa.value > low &&
		    met->cfa.value <= high)
			met->cfa.value += distance;
	}
}
