/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A hash table from 64-bit keys to pointers; see addr_map.h. Base layer. */
#include "tracer/base/addr_map.h"

#include <stdlib.h>
#include <string.h>

/* Fibonacci hashing: the low bits of addresses and pids are far from random. */
static size_t addr_map_home(const struct addr_map *map, uint64_t key)
{
	return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (map->capacity - 1);
}

static size_t addr_map_find(const struct addr_map *map, uint64_t key)
{
	size_t i = addr_map_home(map, key);
	while (map->slots[i].value != NULL && map->slots[i].key != key)
		i = (i + 1) & (map->capacity - 1);
	return i;
}

void addr_map_deinit(struct addr_map *map)
{
	free(map->slots);
	*map = (struct addr_map){ 0 };
}

struct error *addr_map_copy(const struct addr_map *map, struct addr_map *ret)
{
	*ret = (struct addr_map){ 0 };
	if (map->capacity == 0)
		return NULL;
	struct addr_map_slot *slots = calloc(map->capacity, sizeof(*slots));
	if (slots == NULL)
		return error_no_memory();
	memcpy(slots, map->slots, map->capacity * sizeof(*slots));
	ret->slots = slots;
	ret->capacity = map->capacity;
	ret->count = map->count;
	return NULL;
}

uint64_t addr_map_text_key(const char *text, size_t bytes)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	return hash;
}

void *addr_map_get(const struct addr_map *map, uint64_t key)
{
	return map->count == 0 ? NULL : map->slots[addr_map_find(map, key)].value;
}

static struct error *addr_map_grow(struct addr_map *map)
{
	struct addr_map grown = { .capacity = map->capacity ? map->capacity * 2 : 16 };

	grown.slots = calloc(grown.capacity, sizeof(*grown.slots));
	if (grown.slots == NULL)
		return error_no_memory();
	for (size_t i = 0; i < map->capacity; i++) {
		if (map->slots[i].value != NULL)
			grown.slots[addr_map_find(&grown, map->slots[i].key)] = map->slots[i];
	}
	grown.count = map->count;
	free(map->slots);
	*map = grown;
	return NULL;
}

struct error *addr_map_put(struct addr_map *map, uint64_t key, void *value)
{
	if (map->count + 1 > map->capacity / 2) {
		struct error *err = addr_map_grow(map);
		if (err != NULL)
			return err;
	}
	struct addr_map_slot *slot = &map->slots[addr_map_find(map, key)];
	if (slot->value == NULL)
		map->count++;
	*slot = (struct addr_map_slot){ key, value };
	return NULL;
}

void *addr_map_remove(struct addr_map *map, uint64_t key)
{
	if (map->count == 0)
		return NULL;
	size_t hole = addr_map_find(map, key);
	void *value = map->slots[hole].value;
	if (value == NULL)
		return NULL;
	size_t mask = map->capacity - 1;
	for (size_t i = (hole + 1) & mask; map->slots[i].value != NULL; i = (i + 1) & mask) {
		size_t home = addr_map_home(map, map->slots[i].key);
		/* Move it only if its home does not lie between the hole and itself. */
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole].value = NULL;
	map->count--;
	return value;
}

void *addr_map_next(const struct addr_map *map, size_t *cursor)
{
	while (*cursor < map->capacity) {
		void *value = map->slots[(*cursor)++].value;
		if (value != NULL)
			return value;
	}
	return NULL;
}
