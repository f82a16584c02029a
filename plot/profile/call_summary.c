/* Which calls of a function are outer ones, and which the longest; see call_summary.h. Plot layer. */
#include "plot/profile/call_summary.h"

#include <stdlib.h>

#include "tracer/base/array.h"

static int64_t call_duration_ns(const struct profile_call *call)
{
	return call->out_ns - call->in_ns;
}

/* For each thread, of the calls that ended later: the earliest entry, and the earliest end. */
struct cover {
	int64_t in_ns, out_ns;
};

struct covers {
	struct addr_map of_thread; /* tid -> index + 1 */
	struct cover *covers;
	size_t count, capacity;
};

static struct error *covers_find(struct covers *covers, const struct profile_call *call,
				 struct cover **ret)
{
	uint64_t key = (uint64_t)(uint32_t)call->process << 32 | (uint32_t)call->tid;
	uintptr_t slot = (uintptr_t)addr_map_get(&covers->of_thread, key);

	if (slot == 0) {
		struct error *err = array_reserve(&covers->covers, &covers->capacity,
						  covers->count + 1, sizeof(*covers->covers));
		if (err != NULL)
			return err;
		covers->covers[covers->count] = (struct cover){ INT64_MAX, INT64_MAX };
		slot = ++covers->count;
		err = addr_map_put(&covers->of_thread, key, (void *)slot);
		if (err != NULL)
			return err;
	}
	*ret = &covers->covers[slot - 1];
	return NULL;
}

/* As calls end: the inner one first. */
static int call_compare_end(const void *a, const void *b)
{
	const struct profile_call *one = *(const struct profile_call *const *)a;
	const struct profile_call *other = *(const struct profile_call *const *)b;

	if (one->out_ns != other->out_ns)
		return one->out_ns < other->out_ns ? -1 : 1;
	return one->in_ns > other->in_ns ? -1 : one->in_ns < other->in_ns;
}

/* NULL: there is no memory. */
static const struct profile_call **calls_by_end(const struct profile_function *function)
{
	const struct profile_call **calls =
		calloc(function->call_count + 1, sizeof(const struct profile_call *));

	for (size_t i = 0; calls != NULL && i < function->call_count; i++)
		calls[i] = &function->calls[i];
	if (calls != NULL)
		qsort(calls, function->call_count, sizeof(const struct profile_call *),
		      call_compare_end);
	return calls;
}

/*
 * Read backwards in the order in which they ended, a call that starts after the earliest start seen
 * on its thread lies within that one. @calls have that order; without them *@ret_is_ordered says
 * whether the function's own calls do.
 */
static struct error *mark_outer(const struct profile_function *function,
				const struct profile_call *const *calls, bool *outer,
				bool *ret_is_ordered)
{
	struct covers covers = { 0 };
	struct error *err = NULL;

	*ret_is_ordered = true;
	for (size_t i = function->call_count; err == NULL && *ret_is_ordered && i-- > 0;) {
		const struct profile_call *call = calls != NULL ? calls[i] : &function->calls[i];
		struct cover *cover;
		if (call->how == CALL_FORKED)
			continue;
		err = covers_find(&covers, call, &cover);
		if (err != NULL)
			break;
		bool is_outer = call->in_ns < cover->in_ns;
		outer[call - function->calls] = is_outer;
		*ret_is_ordered = call->out_ns < cover->out_ns ||
				  (call->out_ns == cover->out_ns && !is_outer);
		cover->out_ns = call->out_ns;
		if (is_outer)
			cover->in_ns = call->in_ns;
	}
	addr_map_deinit(&covers.of_thread);
	free(covers.covers);
	return err;
}

/* Our records are written as calls end; mprof's, and those of calls that never ended, are not. */
struct error *calls_find_outer(const struct profile_function *function, bool **ret)
{
	bool *outer = calloc(function->call_count + 1, sizeof(*outer));
	bool is_ordered = true;

	struct error *err =
		outer == NULL ? error_no_memory() : mark_outer(function, NULL, outer, &is_ordered);
	if (err == NULL && !is_ordered) {
		const struct profile_call **calls = calls_by_end(function);
		err = calls == NULL ? error_no_memory()
				    : mark_outer(function, calls, outer, &is_ordered);
		free(calls);
	}
	if (err != NULL)
		free(outer);
	else
		*ret = outer;
	return err;
}

/* A heap of indices with the shortest call on top, to be replaced by any longer one. */
static void heap_sift_down(const struct profile_function *function, size_t *heap, size_t count)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
		const struct profile_call *calls = function->calls;
		if (child + 1 < count && call_duration_ns(&calls[heap[child + 1]]) <
						 call_duration_ns(&calls[heap[child]]))
			child++;
		if (call_duration_ns(&calls[heap[at]]) <= call_duration_ns(&calls[heap[child]]))
			break;
		size_t swapped = heap[at];
		heap[at] = heap[child];
		heap[child] = swapped;
	}
}

static void heap_sift_up(const struct profile_function *function, size_t *heap, size_t at)
{
	for (; at > 0; at = (at - 1) / 2) {
		size_t parent = (at - 1) / 2;
		if (call_duration_ns(&function->calls[heap[parent]]) <=
		    call_duration_ns(&function->calls[heap[at]]))
			break;
		size_t swapped = heap[at];
		heap[at] = heap[parent];
		heap[parent] = swapped;
	}
}

struct condensed_calls condensed_calls_of(const struct profile_call *call, bool is_outer)
{
	int64_t length_ns = call_duration_ns(call);

	return (struct condensed_calls){
		.from_ns = call->in_ns,
		.to_ns = call->out_ns,
		.count = 1,
		.total_ns = is_outer ? length_ns : 0,
		.shortest_ns = length_ns,
		.longest_ns = length_ns,
		.mib_gained = is_outer ? call->mib_out - call->mib_in : 0,
		.mib_max = call->mib_in > call->mib_out ? call->mib_in : call->mib_out,
		.held_count = call->held != CALL_HELD_NONE,
		.process = call->process,
	};
}

void condensed_calls_add(struct condensed_calls *window, const struct condensed_calls *more)
{
	if (more->from_ns < window->from_ns)
		window->from_ns = more->from_ns;
	if (more->to_ns > window->to_ns)
		window->to_ns = more->to_ns;
	window->count += more->count;
	if (__builtin_add_overflow(window->total_ns, more->total_ns, &window->total_ns))
		window->total_ns = INT64_MAX;
	if (more->shortest_ns < window->shortest_ns)
		window->shortest_ns = more->shortest_ns;
	if (more->longest_ns > window->longest_ns)
		window->longest_ns = more->longest_ns;
	window->mib_gained += more->mib_gained;
	if (more->mib_max > window->mib_max)
		window->mib_max = more->mib_max;
	window->held_count += more->held_count;
}

int64_t calls_first_entry_ns(const struct profile_function *function)
{
	int64_t first_ns = INT64_MAX;

	for (size_t i = 0; i < function->call_count; i++) {
		if (function->calls[i].in_ns < first_ns)
			first_ns = function->calls[i].in_ns;
	}
	for (size_t i = 0; i < function->condensed_count; i++) {
		if (function->condensed[i].from_ns < first_ns)
			first_ns = function->condensed[i].from_ns;
	}
	return first_ns;
}

struct error *calls_pick_longest(const struct profile_function *function, int64_t from_ns,
				 int64_t to_ns, size_t limit, size_t **ret, size_t *ret_count)
{
	size_t *heap = calloc(limit > 0 ? limit : 1, sizeof(*heap));
	size_t count = 0;

	if (heap == NULL)
		return error_no_memory();
	for (size_t i = 0; i < function->call_count; i++) {
		const struct profile_call *call = &function->calls[i];
		if (!times_overlap(call->in_ns, call->out_ns, from_ns, to_ns))
			continue;
		if (count < limit) {
			heap[count++] = i;
			heap_sift_up(function, heap, count - 1);
		} else if (limit > 0 &&
			   call_duration_ns(call) > call_duration_ns(&function->calls[heap[0]])) {
			heap[0] = i;
			heap_sift_down(function, heap, count);
		}
	}
	*ret = heap;
	*ret_count = count;
	return NULL;
}

uint64_t calls_count_between(const struct profile_function *function, int64_t from_ns,
			     int64_t to_ns, size_t *ret_single)
{
	uint64_t condensed = 0;

	*ret_single = 0;
	for (size_t i = 0; i < function->call_count; i++)
		*ret_single += times_overlap(function->calls[i].in_ns, function->calls[i].out_ns,
					     from_ns, to_ns);
	for (size_t i = 0; i < function->condensed_count; i++) {
		const struct condensed_calls *many = &function->condensed[i];
		if (times_overlap(many->from_ns, many->to_ns, from_ns, to_ns))
			condensed += many->count;
	}
	return *ret_single + condensed;
}
