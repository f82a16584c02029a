/* Texts by their numbers; see text_pool.h. Plot layer. */
#include "plot/profile/text_pool.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

void text_pool_deinit(struct text_pool *pool)
{
	for (size_t i = 0; i < pool->count; i++)
		free(pool->items[i].text);
	free(pool->items);
	addr_map_deinit(&pool->of_hash);
	*pool = (struct text_pool){ 0 };
}

struct error *text_pool_copy(const struct text_pool *pool, struct text_pool *ret)
{
	struct error *err = NULL;
	int32_t number;

	for (size_t i = 0; err == NULL && i < pool->count; i++)
		err = text_pool_need(ret, pool->items[i].text, &number);
	return err;
}

struct error *text_pool_need(struct text_pool *pool, const char *text, int32_t *ret)
{
	const uint64_t hash = addr_map_text_key(text, strlen(text));
	const int32_t last = (int32_t)(uintptr_t)addr_map_get(&pool->of_hash, hash) - 1;

	for (int32_t i = last; i >= 0; i = pool->items[i].next_same_hash) {
		if (strcmp(pool->items[i].text, text) == 0) {
			*ret = i;
			return NULL;
		}
	}
	struct error *err =
		array_reserve(&pool->items, &pool->capacity, pool->count + 1, sizeof(*pool->items));
	if (err != NULL)
		return err;
	char *copy = strdup(text);
	if (copy == NULL)
		return error_no_memory();
	err = addr_map_put(&pool->of_hash, hash, (void *)(uintptr_t)(pool->count + 1));
	if (err != NULL) {
		free(copy);
		return err;
	}
	pool->items[pool->count] = (struct pooled_text){ copy, last };
	*ret = (int32_t)pool->count++;
	return NULL;
}
