/* The longest calls, and sums of the others; see kept_calls.h. Plot layer. */
#include "plot/export/kept_calls.h"

#include <stdlib.h>

#include "plot/profile/call_summary.h"
#include "tracer/base/array.h"

/* Bits of a duration below its highest one that tell its class. */
enum { CLASS_BITS = 4 };

struct kept_share kept_share_of(uint64_t bytes, uint64_t fitting)
{
	if (fitting >= bytes)
		return (struct kept_share){ KEPT_SHARE_ALL };
	return (struct kept_share){ (uint64_t)((double)fitting / (double)bytes * 0x1p32) };
}

bool kept_share_has(struct kept_share share, size_t number)
{
	return (number + 1) * share.of_2_32 >> 32 != number * share.of_2_32 >> 32;
}

static unsigned class_of(int64_t duration_ns)
{
	uint64_t ns = (uint64_t)duration_ns;

	if (ns < 1 << CLASS_BITS)
		return (unsigned)ns;
	unsigned high = 63 - (unsigned)__builtin_clzll(ns);
	unsigned below = (unsigned)(ns >> (high - CLASS_BITS)) & ((1 << CLASS_BITS) - 1);
	return ((high - CLASS_BITS + 1) << CLASS_BITS) + below;
}

/* The shortest duration of the class. */
static int64_t class_start_ns(unsigned class)
{
	unsigned high = class >> CLASS_BITS, below = class & ((1 << CLASS_BITS) - 1);

	if (high == 0)
		return class;
	if (high > 59)
		return INT64_MAX;
	return (int64_t)(((uint64_t)1 << CLASS_BITS) + below) << (high - 1);
}

unsigned kept_calls_class(const struct profile_call *call)
{
	return class_of(call->out_ns - call->in_ns);
}

struct kept_calls kept_calls_choose(const uint64_t class_bytes[static KEPT_CLASSES],
				    uint64_t most_bytes)
{
	uint64_t left = most_bytes;

	for (unsigned class = KEPT_CLASSES; class -- > 0;) {
		if (class_bytes[class] > left)
			return (struct kept_calls){ class,
						    kept_share_of(class_bytes[class], left) };
		left -= class_bytes[class];
	}
	return (struct kept_calls){ 0, { KEPT_SHARE_ALL } };
}

bool kept_calls_has(const struct kept_calls *kept, const struct profile_call *call, size_t number)
{
	if (kept->class == 0 && kept->share.of_2_32 == KEPT_SHARE_ALL)
		return true;
	unsigned class = kept_calls_class(call);
	return class > kept->class || (class == kept->class && kept_share_has(kept->share, number));
}

int64_t kept_calls_limit_ns(const struct kept_calls *kept)
{
	return class_start_ns(kept->class + 1);
}

/* To the window of the call's process, in the list or new at its end. Each call is an outer one here. */
static struct error *add_call(struct addr_map *map, const struct profile_call *call,
			      struct condensed_calls **list, size_t *count, size_t *capacity)
{
	const struct condensed_calls one = condensed_calls_of(call, true);
	uintptr_t slot = (uintptr_t)addr_map_get(map, (uint64_t)(uint32_t)call->process);

	if (slot != 0) {
		condensed_calls_add(&(*list)[slot - 1], &one);
		return NULL;
	}
	slot = *count + 1;
	struct error *err = array_reserve(list, capacity, slot, sizeof(**list));
	if (err == NULL)
		err = addr_map_put(map, (uint64_t)(uint32_t)call->process, (void *)slot);
	if (err == NULL)
		(*list)[(*count)++] = one;
	return err;
}

struct error *kept_calls_sum_others(const struct kept_calls *kept,
				    const struct profile_function *function,
				    struct condensed_calls **ret, size_t *ret_count)
{
	struct addr_map map = { 0 };
	struct condensed_calls *list = NULL;
	size_t count = 0, capacity = 0;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < function->call_count; i++) {
		const struct profile_call *call = &function->calls[i];
		if (call->how == CALL_FORKED || kept_calls_has(kept, call, i))
			continue;
		err = add_call(&map, call, &list, &count, &capacity);
	}
	addr_map_deinit(&map);
	if (err != NULL) {
		free(list);
		return err;
	}
	*ret = list;
	*ret_count = count;
	return NULL;
}
