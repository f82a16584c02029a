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

struct error *condenser_add(struct condenser *condenser, const char *name, pid_t pid,
			    int64_t entry_ns, uint64_t entry_bytes, int64_t end_ns,
			    uint64_t end_bytes, bool is_held, bool *ret_is_single)
{
	struct condensed_function *function;
	struct error *err = condenser_function(condenser, name, &function);

	if (err != NULL)
		return err;
	*ret_is_single = function->single_count < condenser->max_calls;
	if (*ret_is_single) {
		function->single_count++;
		return NULL;
	}
	struct condensed *window = condensed_function_window(function, pid);
	if (window == NULL)
		return error_no_memory();
	int64_t duration_ns = end_ns - entry_ns;
	uint64_t larger_bytes = entry_bytes > end_bytes ? entry_bytes : end_bytes;
	if (window->count == 0) {
		struct condensed *next = window->next;
		*window = (struct condensed){ .pid = pid,
					      .from_ns = entry_ns,
					      .shortest_ns = duration_ns,
					      .longest_ns = duration_ns,
					      .next = next };
	}
	window->count++;
	window->held_count += is_held;
	window->to_ns = end_ns;
	window->total_ns += duration_ns;
	if (entry_ns < window->from_ns)
		window->from_ns = entry_ns;
	if (duration_ns < window->shortest_ns)
		window->shortest_ns = duration_ns;
	if (duration_ns > window->longest_ns)
		window->longest_ns = duration_ns;
	window->gained_bytes += (int64_t)(end_bytes - entry_bytes);
	if (larger_bytes > window->max_bytes)
		window->max_bytes = larger_bytes;
	return NULL;
}

void condenser_flush(struct condenser *condenser, int64_t before_ns,
		     void (*write)(void *context, const char *name, const struct condensed *window),
		     void *context)
{
	size_t cursor = 0;
	struct condensed_function *function;

	while ((function = addr_map_next(&condenser->functions, &cursor)) != NULL) {
		for (struct condensed *window = function->windows; window != NULL;
		     window = window->next) {
			if (window->count == 0 || window->from_ns >= before_ns)
				continue;
			write(context, function->name, window);
			window->count = 0;
		}
	}
}
