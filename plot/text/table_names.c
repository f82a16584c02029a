/* Names that are told apart; see table_names.h. Plot layer. */
#include "plot/text/table_names.h"

#include <stdint.h>
#include <stdlib.h>

#include "tracer/base/array.h"

/* Of so many each is told apart. */
enum { NAMES_MOST = 1 << 16 };

static int compare_addresses(const void *a, const void *b)
{
	uintptr_t one = (uintptr_t) * (const char *const *)a;
	uintptr_t other = (uintptr_t) * (const char *const *)b;

	return one < other ? -1 : one > other;
}

static void sort_names(struct table_names *names)
{
	size_t kept = 0;

	if (names->count > 0)
		qsort(names->list, names->count, sizeof(*names->list), compare_addresses);
	for (size_t i = 0; i < names->count; i++) {
		if (kept == 0 || names->list[kept - 1] != names->list[i])
			names->list[kept++] = names->list[i];
	}
	names->count = kept;
}

struct error *table_names_add(struct table_names *names, const char *name)
{
	if (names->are_too_many || (names->count > 0 && names->list[names->count - 1] == name))
		return NULL;
	if (names->count == NAMES_MOST) {
		sort_names(names);
		names->are_too_many = names->count > NAMES_MOST / 2;
	}
	struct error *err = array_reserve(&names->list, &names->capacity, names->count + 1,
					  sizeof(*names->list));
	if (err == NULL)
		names->list[names->count++] = name;
	return err;
}

struct error *table_names_find_briefs(struct table_names *names)
{
	if (names->are_too_many)
		return NULL;
	sort_names(names);
	return text_briefs_create(names->list, names->count, &names->briefs);
}

const struct text_brief *table_names_brief(const struct table_names *names, const char *name)
{
	if (names->briefs == NULL)
		return NULL;
	const char **found =
		bsearch(&name, names->list, names->count, sizeof(*names->list), compare_addresses);
	return found != NULL ? &names->briefs[found - names->list] : NULL;
}

void table_names_deinit(struct table_names *names)
{
	text_briefs_free(names->briefs, names->count);
	free(names->list);
}
