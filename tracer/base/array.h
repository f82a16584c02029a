/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Growth of plain arrays (base layer). The array itself stays a typed pointer, a count and a
 * capacity in its owner's struct.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

#include "tracer/base/error.h"

/*
 * Makes room for @count items of @item_bytes in *@items, doubling *@capacity. @items is a pointer
 * to the typed pointer. Fails with ERR_MEMORY and leaves both as they were.
 */
struct error *array_reserve(void *items, size_t *capacity, size_t count,
			    size_t item_bytes) MUST_CHECK;

/* For qsort: of two indices, which are size_t, the lower first. */
int index_compare(const void *a, const void *b);

#endif
