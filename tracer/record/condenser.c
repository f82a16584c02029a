/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sums up calls; see condenser.h. Record layer. */
#include "tracer/record/condenser.h"

#include <stdlib.h>

void condenser_deinit(struct condenser *condenser)
{
	size_t cursor = 0;
	struct condensed_function *function;

	while ((function = addr_map_next(&condenser->functions, &cursor)) != NULL) {
		for (struct condensed *window = function->windows; window != NULL;) {
			struct condensed *next = window->next;
			free(window);
			window = next;
		}
		free(function);
	}
	addr_map_deinit(&condenser->functions);
}

static struct error *condenser_function(struct condenser *condenser, const char *name,
					struct condensed_function **ret)
{
	*ret = addr_map_get(&condenser->functions, (uintptr_t)name);
	if (*ret != NULL)
		return NULL;
	struct condensed_function *function = calloc(1, sizeof(*function));
	if (function == NULL)
		return error_no_memory();
	function->name = name;
	struct error *err = addr_map_put(&condenser->functions, (uintptr_t)name, function);
	if (err != NULL)
		free(function);
	else
		*ret = function;
	return err;
}

static struct condensed *condensed_function_window(struct condensed_function *function, pid_t pid)
{
	struct condensed **link = &function->windows;

	/* An empty window of another process is used again: processes come and go. */
	for (; *link != NULL; link = &(*link)->next) {
		if ((*link)->pid == pid || (*link)->count == 0)
			return *link;
	}
	*link = calloc(1, sizeof(**link));
	return *link;
}

/* Puts @duration_ns among the longest. */
static void note_longest(struct condensed_function *function, int64_t duration_ns)
{
	int64_t *longest = function->longest_ns;
	size_t i = 0;

	for (; i + 1 < CONDENSER_LONGEST && longest[i + 1] < duration_ns; i++)
		longest[i] = longest[i + 1];
	longest[i] = duration_ns;
	function->longest_count++;
}

bool condenser_is_past(const struct condenser *condenser, uint64_t calls)
{
	const bool is_full = condenser->single_count / CONDENSER_ALL >= condenser->max_calls;

	return calls >= condenser->max_calls / (is_full ? CONDENSER_FIRST : 1);
}

static bool is_condensed(const struct condenser *condenser,
			 const struct condensed_function *function)
{
	return function->is_begun || condenser_is_past(condenser, function->single_count);
}

static bool is_single(struct condenser *condenser, struct condensed_function *function,
		      int64_t duration_ns)
{
	const int64_t longest_ns = function->longest_ns[CONDENSER_LONGEST - 1];

	if (!is_condensed(condenser, function)) {
		function->single_count++;
		condenser->single_count++;
		return true;
	}
	/* Who wants none to be single has no limit to pass. */
	bool is_long =
		condenser->max_calls > 0 && duration_ns > function->longest_ns[0] &&
		(function->longest_count < CONDENSER_LONGEST || duration_ns / 2 >= longest_ns);
	if (is_long)
		note_longest(function, duration_ns);
	return is_long;
}

static struct error *add_to_window(struct condensed_function *function, const struct condensed *sum)
{
	struct condensed *window = condensed_function_window(function, sum->pid);

	if (window == NULL)
		return error_no_memory();
	struct condensed *next = window->next;
	if (window->count == 0) {
		*window = *sum;
		window->next = next;
		return NULL;
	}
	window->count += sum->count;
	window->held_count += sum->held_count;
	window->total_ns += sum->total_ns;
	window->gained_bytes += sum->gained_bytes;
	if (sum->to_ns > window->to_ns)
		window->to_ns = sum->to_ns;
	if (sum->from_ns < window->from_ns)
		window->from_ns = sum->from_ns;
	if (sum->shortest_ns < window->shortest_ns)
		window->shortest_ns = sum->shortest_ns;
	if (sum->longest_ns > window->longest_ns)
		window->longest_ns = sum->longest_ns;
	if (sum->max_bytes > window->max_bytes)
		window->max_bytes = sum->max_bytes;
	return NULL;
}

struct error *condenser_add(struct condenser *condenser, const char *name, pid_t pid,
			    int64_t entry_ns, uint64_t entry_bytes, int64_t end_ns,
			    uint64_t end_bytes, bool is_held, bool *ret_is_single)
{
	struct condensed_function *function;
	const int64_t duration_ns = end_ns - entry_ns;
	const struct condensed call = {
		.pid = pid,
		.from_ns = entry_ns,
		.to_ns = end_ns,
		.count = 1,
		.total_ns = duration_ns,
		.shortest_ns = duration_ns,
		.longest_ns = duration_ns,
		.gained_bytes = (int64_t)(end_bytes - entry_bytes),
		.max_bytes = entry_bytes > end_bytes ? entry_bytes : end_bytes,
		.held_count = is_held,
	};

	struct error *err = condenser_function(condenser, name, &function);
	if (err != NULL)
		return err;
	*ret_is_single = is_single(condenser, function, duration_ns);
	return *ret_is_single ? NULL : add_to_window(function, &call);
}

struct error *condenser_add_sum(struct condenser *condenser, const char *name,
				const struct condensed *sum)
{
	struct condensed_function *function;

	struct error *err = condenser_function(condenser, name, &function);
	return err != NULL ? err : add_to_window(function, sum);
}

struct error *condenser_begin(struct condenser *condenser, const char *name)
{
	struct condensed_function *function;

	struct error *err = condenser_function(condenser, name, &function);
	if (err == NULL)
		function->is_begun = true;
	return err;
}

int64_t condenser_limit_ns(const struct condenser *condenser, const char *name)
{
	const struct condensed_function *function =
		addr_map_get(&condenser->functions, (uintptr_t)name);

	if (condenser->max_calls == 0)
		return INT64_MAX;
	return function == NULL || !is_condensed(condenser, function) ? 0 : function->longest_ns[0];
}

void condenser_flush(struct condenser *condenser, int64_t before_ns,
		     void (*write)(void *context, const char *name, const struct condensed *window),
		     void *context)
{
	size_t cursor = 0;
	struct condensed_function *function;

	while ((function = addr_map_next(&condenser->functions, &cursor)) != NULL) {
		function->longest_count = 0;
		for (struct condensed *window = function->windows; window != NULL;
		     window = window->next) {
			if (window->count == 0 || window->from_ns >= before_ns)
				continue;
			write(context, function->name, window);
			window->count = 0;
		}
	}
}
