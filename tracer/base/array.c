/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Growth of plain arrays; see array.h. Base layer. */
#include "tracer/base/array.h"

#include <stdlib.h>
#include <string.h>

struct error *array_reserve(void *items, size_t *capacity, size_t count, size_t item_bytes)
{
	if (count <= *capacity)
		return NULL;
	size_t wanted = *capacity < 8 ? 8 : *capacity * 2;
	if (wanted < count)
		wanted = count;
	void *old;
	memcpy(&old, items, sizeof(old));
	void *grown = reallocarray(old, wanted, item_bytes);
	if (grown == NULL)
		return error_no_memory();
	memcpy(items, &grown, sizeof(grown));
	*capacity = wanted;
	return NULL;
}

int index_compare(const void *a, const void *b)
{
	const size_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}
