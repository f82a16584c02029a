/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A hash table from a 64-bit key (an address, a pid, a tid) to a pointer (base layer).
 *
 * Open addressing, linear probing, backward-shift deletion. Values are borrowed; NULL is not a
 * value. Iteration order is arbitrary.
 */
#ifndef BASE_ADDR_MAP_H
#define BASE_ADDR_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct addr_map_slot {
	uint64_t key;
	void *value; /* NULL: the slot is free */
};

struct addr_map {
	struct addr_map_slot *slots;
	size_t capacity; /* 0 or a power of two */
	size_t count;
};

/* A zeroed struct is an empty map. Releases the table, not the values. */
void addr_map_deinit(struct addr_map *map);

/* The key of a text: two texts may have the same one (FNV-1a). */
uint64_t addr_map_text_key(const char *text, size_t bytes);

void *addr_map_get(const struct addr_map *map, uint64_t key); /* NULL: no such key */

/* Adds or replaces. */
struct error *addr_map_put(struct addr_map *map, uint64_t key, void *value) MUST_CHECK;

/* Makes @ret, which is not released before, hold the same. */
struct error *addr_map_copy(const struct addr_map *map, struct addr_map *ret) MUST_CHECK;

void *addr_map_remove(struct addr_map *map, uint64_t key); /* the value, NULL: no such key */

/*
 * Walks: start with *@cursor = 0; NULL at the end. The map must not change during the walk, but for the
 * removal of the value that has just been returned: *@cursor is to be set back by one then.
 */
void *addr_map_next(const struct addr_map *map, size_t *cursor);

#endif
