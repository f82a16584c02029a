/*
 * Where the indirect jumps of a function may lead (probe layer); see jump_function_private.h.
 *
 * What jumps to a whole address, from memory, a register or its caller, goes where somebody has that
 * address: jump_targets has seen it. What adds a 32-bit word to an address goes through a table of
 * distances from itself (GCC and clang write movslq (table,index,4); add). Which address it is may be
 * hoisted far away or spilled, so every constant of the function counts as such a table; and where a table
 * ends is not asked, but read on as long as the words lead to code. Both give more targets than there
 * are, never fewer. Any other arithmetic is not understood.
 */
#include <stdlib.h>
#include <string.h>

#include "symbols/file/inlined.h"
#include "tracer/arch/references.h"
#include "tracer/base/array.h"
#include "tracer/probe/code/jump_function_private.h"

enum { TABLE_BYTES_MAX = 1 << 16, STEPS_MAX = 4096 };

/* Who leads to an instruction: pairs, sorted. */
struct edge {
	uint32_t to, from;
};

struct search {
	struct jump_function *function;
	struct edge *edges;
	size_t edge_count, edge_capacity;
	uint32_t *visited; /* an instruction and a register, for the jump that is looked at */
	size_t visited_count, visited_capacity;
	struct error *err;
};

static struct error *read_table(struct jump_function *function, taddr_t table)
{
	const struct jump_targets *targets = function->targets;
	uint8_t *words = malloc(TABLE_BYTES_MAX);
	struct error *err = NULL;
	int32_t distance;

	if (words == NULL)
		return error_no_memory();
	size_t bytes = symbol_file_read_data(targets->file, table, words, TABLE_BYTES_MAX);
	for (size_t at = 0; err == NULL && at + sizeof(distance) <= bytes; at += sizeof(distance)) {
		memcpy(&distance, words + at, sizeof(distance));
		taddr_t target = taddr_add(table, (uint64_t)(int64_t)distance);
		if (!jump_targets_hold(targets, target))
			break;
		err = jump_function_add_entry(function, target);
		if (at + 2 * sizeof(distance) > TABLE_BYTES_MAX)
			function->has_unknown_jump = true; /* no table is as long as that */
	}
	free(words);
	return err;
}

static int edge_compare(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	return (a->to > b->to) - (a->to < b->to);
}

static struct error *add_edge(struct search *search, uint32_t from, uint32_t to)
{
	if (to == CODE_NOWHERE)
		return NULL;
	struct error *err = array_reserve(&search->edges, &search->edge_capacity,
					  search->edge_count + 1, sizeof(*search->edges));
	if (err == NULL)
		search->edges[search->edge_count++] = (struct edge){ to, from };
	return err;
}

static struct error *find_edges(struct search *search)
{
	const struct cfg *graph = &search->function->graph;
	struct error *err = NULL;

	for (uint32_t i = 0; err == NULL && i < graph->count; i++) {
		err = add_edge(search, i, graph->insns[i].next);
		if (err == NULL && !graph->insns[i].is_call)
			err = add_edge(search, i, graph->insns[i].target);
	}
	if (err == NULL && search->edge_count > 0)
		qsort(search->edges, search->edge_count, sizeof(*search->edges), edge_compare);
	return err;
}

static size_t first_edge(const struct search *search, uint32_t to)
{
	size_t low = 0, high = search->edge_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (search->edges[middle].to < to)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool was_visited(struct search *search, uint32_t insn, uint8_t reg, bool wants_distance)
{
	const uint32_t key = insn << 5 | (uint32_t)(reg & 0xf) << 1 | wants_distance;

	for (size_t i = 0; i < search->visited_count; i++) {
		if (search->visited[i] == key)
			return true;
	}
	if (search->err == NULL)
		search->err = array_reserve(&search->visited, &search->visited_capacity,
					    search->visited_count + 1, sizeof(*search->visited));
	if (search->err == NULL)
		search->visited[search->visited_count++] = key;
	return false;
}

static bool comes_from(struct search *search, uint32_t insn, uint8_t reg, bool wants_distance);

/* Whether the value is one of those wanted on every way to instruction @insn. */
static bool is_known_before(struct search *search, uint32_t insn, uint8_t reg, bool wants_distance)
{
	const struct jump_function *function = search->function;
	const struct code_insn *at = &function->graph.insns[insn];
	size_t e = first_edge(search, insn);
	const bool has_edges = e < search->edge_count && search->edges[e].to == insn;
	const bool is_entry = taddr_equal(at->address, function->range.start);

	/* A function's argument is a whole address. */
	if (is_entry || (at->is_start && !has_edges)) {
		if (wants_distance || !has_edges)
			return !wants_distance;
	} else if (!has_edges || jump_function_is_entry(function, at->address) ||
		   jump_targets_is_taken(function->targets, at->address)) {
		/* Where a table leads the values are those before its jump, which is not followed. */
		return false;
	}
	for (; e < search->edge_count && search->edges[e].to == insn; e++) {
		if (!comes_from(search, search->edges[e].from, reg, wants_distance))
			return false;
	}
	return true;
}

/* Likewise, of the value that instruction @insn leaves in @reg. */
static bool comes_from(struct search *search, uint32_t insn, uint8_t reg, bool wants_distance)
{
	const struct cfg *graph = &search->function->graph;
	uint8_t code[ARCH_INSN_BYTES_MAX], registers[2];

	if (search->err != NULL)
		return false;
	if (was_visited(search, insn, reg, wants_distance))
		return true; /* a loop, or another way that leads through here */
	if (search->visited_count > STEPS_MAX)
		return false;
	size_t bytes = cfg_code(graph, insn, code);
	switch (arch_origin_of(code, bytes, reg, registers)) {
	case ARCH_ORIGIN_EARLIER:
		return is_known_before(search, insn, reg, wants_distance);
	case ARCH_ORIGIN_POINTER:
		return !wants_distance;
	case ARCH_ORIGIN_COPY:
		return is_known_before(search, insn, registers[0], wants_distance);
	case ARCH_ORIGIN_CHOICE:
		return is_known_before(search, insn, registers[0], wants_distance) &&
		       (registers[1] == ARCH_NO_REGISTER
				? !wants_distance
				: is_known_before(search, insn, registers[1], wants_distance));
	case ARCH_ORIGIN_SUM: {
		const size_t visited = search->visited_count;
		if (wants_distance || is_known_before(search, insn, registers[0], true))
			return !wants_distance;
		/* What was met on the way that failed is not known to be good. */
		search->visited_count = visited;
		return registers[1] != ARCH_NO_REGISTER &&
		       is_known_before(search, insn, registers[1], true);
	}
	case ARCH_ORIGIN_DISTANCE:
		return wants_distance;
	case ARCH_ORIGIN_OTHER:
		break;
	}
	return false;
}

static struct error *find_tables(struct jump_function *function)
{
	const struct cfg *graph = &function->graph;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < graph->count; i++) {
		taddr_t constant = graph->insns[i].constant;
		if (constant.value != 0)
			err = read_table(function, constant);
	}
	return err;
}

struct error *jump_tables_find(struct jump_function *function)
{
	const struct cfg *graph = &function->graph;
	struct search search = { .function = function };
	uint8_t code[ARCH_INSN_BYTES_MAX];
	struct error *err = NULL;

	for (uint32_t i = 0; err == NULL && i < graph->count; i++) {
		if (graph->insns[i].flow != ARCH_FLOW_INDIRECT)
			continue;
		uint8_t reg = arch_jump_register(code, cfg_code(graph, i, code));
		if (reg == ARCH_NO_REGISTER)
			continue;
		if (search.edges == NULL) {
			err = find_tables(function);
			jump_function_sort(function);
			if (err == NULL)
				err = find_edges(&search);
		}
		search.visited_count = 0;
		if (err == NULL && !is_known_before(&search, i, reg, false))
			function->has_unknown_jump = true;
		err = error_first(err, search.err);
	}
	free(search.edges);
	free(search.visited);
	return err;
}
