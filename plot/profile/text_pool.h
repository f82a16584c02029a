/*
 * Texts that many records repeat, each kept once, by a number (plot layer).
 */
#ifndef PLOT_PROFILE_TEXT_POOL_H
#define PLOT_PROFILE_TEXT_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

struct pooled_text {
	char *text;
	int32_t next_same_hash; /* a number, -1: none */
};

/* Zeroed it is empty. */
struct text_pool {
	struct pooled_text *items;
	size_t count, capacity;
	struct addr_map of_hash; /* hash -> number + 1 of the last such */
};

void text_pool_deinit(struct text_pool *pool);

/* Makes @ret, which holds nothing, hold the same by the same numbers. It is to be released on failure, too. */
struct error *text_pool_copy(const struct text_pool *pool, struct text_pool *ret) MUST_CHECK;

/* The number of @text, a copy of which is added if it is not there. */
struct error *text_pool_need(struct text_pool *pool, const char *text, int32_t *ret) MUST_CHECK;

#endif
