/* Single calls summed up in windows; see call_fold.h. Plot layer. */
#include "plot/follow/call_fold.h"

#include <stdlib.h>

#include "plot/profile/call_summary.h"
#include "tracer/base/array.h"

enum {
	WINDOWS = 256,	     /* of a process, over all of the time: a strip has fewer cells */
	WINDOWS_MANY = 8192, /* of a function, but more for many processes */
};
static const int64_t WINDOW_LEAST_NS = 1000000;

static int64_t duration_ns(const struct profile_call *call)
{
	return call->out_ns - call->in_ns;
}

static int duration_compare(const void *a, const void *b)
{
	const int64_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

static int window_compare(const void *a, const void *b)
{
	const struct condensed_calls *one = a, *other = b;

	return one->from_ns < other->from_ns ? -1 : one->from_ns > other->from_ns;
}

/* Longer calls are no more than @kept; *@ret is a time below 0 where all can stay. */
static struct error *find_shortest_kept(const struct profile *profile, size_t kept, size_t count,
					int64_t *ret_ns)
{
	size_t used = 0;
	int64_t *durations = calloc(count, sizeof(*durations));

	if (durations == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->call_count; k++) {
			if (function->calls[k].how != CALL_OPEN)
				durations[used++] = duration_ns(&function->calls[k]);
		}
	}
	qsort(durations, used, sizeof(*durations), duration_compare);
	*ret_ns = used > kept ? durations[used - kept - 1] : -1;
	free(durations);
	return NULL;
}

/* Neighbours of one process become one, as long as it is no longer than @width_ns. */
static struct error *merge_windows(struct profile_function *function, int64_t width_ns)
{
	struct condensed_calls *windows = function->condensed;
	struct addr_map last_of_process = { 0 }; /* process -> index + 1 of its last window */
	struct error *err = NULL;
	size_t kept = 0;

	qsort(windows, function->condensed_count, sizeof(*windows), window_compare);
	for (size_t i = 0; err == NULL && i < function->condensed_count; i++) {
		uint64_t key = (uint64_t)windows[i].process;
		uintptr_t slot = (uintptr_t)addr_map_get(&last_of_process, key);
		if (slot != 0 && windows[i].to_ns - windows[slot - 1].from_ns <= width_ns) {
			condensed_calls_add(&windows[slot - 1], &windows[i]);
			continue;
		}
		windows[kept++] = windows[i];
		err = addr_map_put(&last_of_process, key, (void *)(uintptr_t)kept);
	}
	addr_map_deinit(&last_of_process);
	if (err == NULL)
		function->condensed_count = kept;
	return err;
}

/* Ended calls that are not longer than @shortest_ns become windows of their own. */
static struct error *fold_function(struct profile_function *function, int64_t shortest_ns)
{
	size_t kept = 0, folded = 0;
	bool *outer;

	struct error *err = array_reserve(&function->condensed, &function->condensed_capacity,
					  function->condensed_count + function->call_count,
					  sizeof(*function->condensed));
	if (err == NULL)
		err = calls_find_outer(function, &outer);
	if (err != NULL)
		return err;
	for (size_t i = 0; i < function->call_count; i++) {
		const struct profile_call *call = &function->calls[i];
		if (call->how == CALL_OPEN || duration_ns(call) > shortest_ns) {
			function->calls[kept++] = *call;
			continue;
		}
		/* One that goes on in a forked child began in the parent, and counts there. */
		if (call->how != CALL_FORKED)
			function->condensed[function->condensed_count++] =
				condensed_calls_of(call, outer[i]);
		folded++;
	}
	free(outer);
	function->call_count = kept;
	function->noted_count -= folded;
	return NULL;
}

/* Each function may have had most of the calls at some time. */
static void shrink(struct profile_function *function)
{
	size_t calls = function->call_count + 8, windows = function->condensed_count + 8;

	if (function->call_capacity / 2 > calls) {
		struct profile_call *fit =
			reallocarray(function->calls, calls, sizeof(*function->calls));
		if (fit != NULL) {
			function->calls = fit;
			function->call_capacity = calls;
		}
	}
	if (function->condensed_capacity / 2 > windows) {
		struct condensed_calls *fit =
			reallocarray(function->condensed, windows, sizeof(*function->condensed));
		if (fit != NULL) {
			function->condensed = fit;
			function->condensed_capacity = windows;
		}
	}
}

struct error *profile_fold_calls(struct profile *profile, size_t limit)
{
	bool has_time = profile->last_ns > profile->first_ns;
	int64_t width_ns = has_time ? (profile->last_ns - profile->first_ns) / WINDOWS : 0;
	int64_t shortest_ns = -1;
	struct error *err = NULL;
	size_t count = 0;

	for (size_t i = 0; i < profile->function_count; i++)
		count += profile->functions[i].call_count;
	if (count > limit)
		err = find_shortest_kept(profile, limit / 2, count, &shortest_ns);
	if (width_ns < WINDOW_LEAST_NS)
		width_ns = WINDOW_LEAST_NS;
	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		struct profile_function *function = &profile->functions[i];
		if (shortest_ns >= 0)
			err = fold_function(function, shortest_ns);
		/* A window for each process is the least. */
		bool are_many = function->condensed_count > WINDOWS_MANY &&
				function->condensed_count / 16 > profile->process_count;
		if (err == NULL && (shortest_ns >= 0 || are_many))
			err = merge_windows(function, width_ns);
		if (err == NULL && (shortest_ns >= 0 || are_many))
			shrink(function);
	}
	return err;
}
