/* Who leads to each instruction; see jump_edges.h. Probe layer. */
#include "tracer/probe/code/jump_edges.h"

#include <stdlib.h>

#include "tracer/base/array.h"

static int edge_compare(const void *left, const void *right)
{
	const struct jump_edge *a = left, *b = right;

	return (a->to > b->to) - (a->to < b->to);
}

static struct error *add_edge(struct jump_edges *edges, uint32_t from, uint32_t to)
{
	if (to == CODE_NOWHERE)
		return NULL;
	struct error *err = array_reserve(&edges->items, &edges->capacity, edges->count + 1,
					  sizeof(*edges->items));
	if (err == NULL)
		edges->items[edges->count++] = (struct jump_edge){ to, from };
	return err;
}

struct error *jump_edges_find(const struct cfg *graph, struct jump_edges *ret)
{
	struct error *err = NULL;

	*ret = (struct jump_edges){ 0 };
	for (uint32_t i = 0; err == NULL && i < graph->count; i++) {
		err = add_edge(ret, i, graph->insns[i].next);
		if (err == NULL && !graph->insns[i].is_call)
			err = add_edge(ret, i, graph->insns[i].target);
	}
	if (err == NULL && ret->count > 0)
		qsort(ret->items, ret->count, sizeof(*ret->items), edge_compare);
	return err;
}

void jump_edges_deinit(struct jump_edges *edges)
{
	free(edges->items);
	*edges = (struct jump_edges){ 0 };
}

size_t jump_edges_to(const struct jump_edges *edges, uint32_t to, size_t *ret_end)
{
	size_t low = 0, high = edges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (edges->items[middle].to < to)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_end = low;
	while (*ret_end < edges->count && edges->items[*ret_end].to == to)
		++*ret_end;
	return low;
}
