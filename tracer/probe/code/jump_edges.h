/* Who leads to each instruction of a linked graph: cfg_successors, turned round (probe layer). */
#ifndef PROBE_CODE_JUMP_EDGES_H
#define PROBE_CODE_JUMP_EDGES_H

#include "tracer/probe/code/cfg.h"

struct jump_edge {
	uint32_t to, from; /* instructions */
};

struct jump_edges {
	struct jump_edge *items; /* owned; by @to */
	size_t count, capacity;
};

/* Calls are left out: they return. Release with jump_edges_deinit, whatever it returns. */
struct error *jump_edges_find(const struct cfg *graph, struct jump_edges *ret) MUST_CHECK;
void jump_edges_deinit(struct jump_edges *edges);

/* Those that lead to instruction @to: from the index returned up to @ret_end. */
size_t jump_edges_to(const struct jump_edges *edges, uint32_t to, size_t *ret_end);

#endif
