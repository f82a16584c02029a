/* Calls as a tree, thread after thread; see call_nesting.h. Plot layer. */
#include "plot/totals/call_nesting.h"

#include <stdlib.h>

#include "tracer/base/array.h"

static uint64_t thread_key(const struct profile_call *call)
{
	return (uint64_t)(uint32_t)call->process << 32 | (uint32_t)call->tid;
}

static int thread_compare(const void *a, const void *b)
{
	const struct call_thread *one = a, *other = b;

	if (one->process != other->process)
		return one->process < other->process ? -1 : 1;
	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

static int call_compare(const void *a, const void *b, void *data)
{
	const struct call_place *one = a, *other = b;
	const struct profile *profile = data;
	const struct profile_call *first = &profile->functions[one->function].calls[one->call];
	const struct profile_call *second = &profile->functions[other->function].calls[other->call];

	if (first->in_ns != second->in_ns)
		return first->in_ns < second->in_ns ? -1 : 1;
	if (first->out_ns != second->out_ns)
		return first->out_ns > second->out_ns ? -1 : 1;
	if (first->level != second->level)
		return first->level < second->level ? -1 : 1;
	/* Of calls that nothing tells apart, those that were recorded last are the outer ones. */
	if (one->function != other->function)
		return one->function < other->function ? -1 : 1;
	return one->call > other->call ? -1 : one->call < other->call;
}

/* Calls of @map with the index of their thread + 1; threads in the order of their first call. */
static struct error *find_threads(struct call_nesting *nesting, const struct profile *profile,
				  struct addr_map *map)
{
	size_t capacity = 0;

	for (size_t f = 0; f < profile->function_count; f++) {
		const struct profile_function *function = &profile->functions[f];
		uint64_t last_key = 0;
		struct call_thread *last = NULL;
		for (size_t k = 0; k < function->call_count; k++) {
			const struct profile_call *call = &function->calls[k];
			uint64_t key = thread_key(call);
			if (last != NULL && key == last_key) {
				last->count++;
				continue;
			}
			uintptr_t slot = (uintptr_t)addr_map_get(map, key);
			struct error *err = NULL;
			if (slot == 0) {
				slot = nesting->thread_count + 1;
				err = array_reserve(&nesting->threads, &capacity, slot,
						    sizeof(*nesting->threads));
				if (err == NULL)
					err = addr_map_put(map, key, (void *)slot);
				if (err != NULL)
					return err;
				nesting->threads[nesting->thread_count++] =
					(struct call_thread){ call->process, call->tid, 0, 0 };
			}
			last = &nesting->threads[slot - 1];
			last->count++;
			last_key = key;
		}
		nesting->count += function->call_count;
	}
	return NULL;
}

/* Puts the threads in order, and says in @map where each is now. */
static struct error *order_threads(struct call_nesting *nesting, struct addr_map *map)
{
	struct error *err = NULL;
	size_t first = 0;

	if (nesting->thread_count > 1)
		qsort(nesting->threads, nesting->thread_count, sizeof(*nesting->threads),
		      thread_compare);
	for (size_t i = 0; err == NULL && i < nesting->thread_count; i++) {
		struct call_thread *thread = &nesting->threads[i];
		const struct profile_call one = { .process = thread->process, .tid = thread->tid };
		thread->first = first;
		first += thread->count;
		thread->count = 0; /* counted again as it is filled */
		err = addr_map_put(map, thread_key(&one), (void *)(uintptr_t)(i + 1));
	}
	return err;
}

static void fill_threads(struct call_nesting *nesting, const struct profile *profile,
			 const struct addr_map *map)
{
	for (size_t f = 0; f < profile->function_count; f++) {
		const struct profile_function *function = &profile->functions[f];
		uint64_t last_key = 0;
		struct call_thread *thread = NULL;
		for (size_t k = 0; k < function->call_count; k++) {
			const struct profile_call *call = &function->calls[k];
			uint64_t key = thread_key(call);
			if (thread == NULL || key != last_key)
				thread = &nesting->threads[(uintptr_t)addr_map_get(map, key) - 1];
			last_key = key;
			nesting->calls[thread->first + thread->count++] =
				(struct call_place){ (uint32_t)f, (uint32_t)k };
		}
	}
}

/* Whether @inner, which begins no earlier, lies within @outer. */
static bool is_within(const struct profile_call *inner, const struct profile_call *outer)
{
	if (inner->out_ns != outer->out_ns)
		return inner->out_ns < outer->out_ns;
	return inner->level < 0 || outer->level < 0 || inner->level > outer->level;
}

/*
 * Upwards from the call before. One that is left on the way holds none that follows: it ended before this
 * one did, and what begins later within it lies within this one too. So each is left once.
 */
static void find_parents(struct call_nesting *nesting, const struct profile *profile,
			 const struct call_thread *thread)
{
	uint32_t above = CALL_NESTING_ROOT;

	for (size_t i = thread->first; i < thread->first + thread->count; i++) {
		const struct profile_call *call = call_nesting_at(profile, nesting, i);
		while (above != CALL_NESTING_ROOT &&
		       !is_within(call, call_nesting_at(profile, nesting, above)))
			above = nesting->parents[above];
		nesting->parents[i] = above;
		above = (uint32_t)i;
	}
}

static struct error *sort_calls(struct call_nesting *nesting, const struct profile *profile,
				const struct addr_map *map)
{
	nesting->calls = malloc((nesting->count + 1) * sizeof(*nesting->calls));
	nesting->parents = malloc((nesting->count + 1) * sizeof(*nesting->parents));
	if (nesting->calls == NULL || nesting->parents == NULL)
		return error_no_memory();
	fill_threads(nesting, profile, map);
	for (size_t i = 0; i < nesting->thread_count; i++) {
		const struct call_thread *thread = &nesting->threads[i];
		qsort_r(nesting->calls + thread->first, thread->count, sizeof(*nesting->calls),
			call_compare, (void *)profile);
	}
	for (size_t i = 0; i < nesting->thread_count; i++)
		find_parents(nesting, profile, &nesting->threads[i]);
	return NULL;
}

struct error *call_nesting_init(struct call_nesting *nesting, const struct profile *profile)
{
	struct addr_map map = { 0 };

	*nesting = (struct call_nesting){ 0 };
	struct error *err = find_threads(nesting, profile, &map);
	if (err == NULL && nesting->count >= CALL_NESTING_ROOT)
		err = error_new(ERR_FAILED, "%s has more than 2^32 calls: record fewer functions",
				profile->path);
	if (err == NULL)
		err = order_threads(nesting, &map);
	if (err == NULL)
		err = sort_calls(nesting, profile, &map);
	addr_map_deinit(&map);
	if (err != NULL)
		call_nesting_deinit(nesting);
	return err;
}

void call_nesting_deinit(struct call_nesting *nesting)
{
	free(nesting->calls);
	free(nesting->parents);
	free(nesting->threads);
	*nesting = (struct call_nesting){ 0 };
}
