/*
 * Where the targets of a function's indirect jumps come from (probe layer); see jump_function_private.h.
 *
 * What jumps to a whole address, from memory, a register or its caller, goes where somebody has that
 * address: jump_targets has seen it. What adds a word to the address of the word's table goes where
 * jump_tables_read has found. Words that count from somewhere else, such as a label in the code (vfwprintf
 * of glibc), and any other arithmetic are not understood.
 */
#include <stdlib.h>

#include "tracer/arch/references.h"
#include "tracer/base/array.h"
#include "tracer/probe/code/jump_function_private.h"

enum { STEPS_MAX = 1 << 16, DEPTH_MAX = 1000, VALUES = 64 };

/* An indirect jump, and what it may go through. */
struct indirect {
	uint32_t insn;
	bool by_table, by_pointer;
};

/* Who leads to an instruction: pairs, sorted. */
struct edge {
	uint32_t to, from;
};

/* What a value must be. */
enum wanted {
	WHOLE_ADDRESS,
	TABLE_WORD,
	TABLE_ADDRESS, /* or what may have been spilled: no code */
};

struct search {
	struct jump_function *function;
	struct edge *edges;
	size_t edge_count, edge_capacity;
	struct indirect *jumps;
	size_t jump_count, jump_capacity;
	/* An instruction, a register and what is wanted, for the jump that is looked at: a list, … */
	uint32_t *visited;
	size_t visited_count, visited_capacity;
	uint64_t *is_visited; /* … and a word of VALUES bits for each instruction */
	unsigned depth;
	struct error *err;
};

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

	search->is_visited = calloc(graph->count, sizeof(*search->is_visited));
	if (search->is_visited == NULL)
		return error_no_memory();
	for (uint32_t i = 0; err == NULL && i < graph->count; i++) {
		err = add_edge(search, i, graph->insns[i].next);
		if (err == NULL && !graph->insns[i].is_call)
			err = add_edge(search, i, graph->insns[i].target);
		if (err != NULL || graph->insns[i].flow != ARCH_FLOW_INDIRECT)
			continue;
		err = array_reserve(&search->jumps, &search->jump_capacity, search->jump_count + 1,
				    sizeof(*search->jumps));
		if (err == NULL)
			search->jumps[search->jump_count++] =
				(struct indirect){ i, .by_table = true, .by_pointer = true };
	}
	if (err == NULL && search->edges != NULL)
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

static bool was_visited(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted)
{
	const uint32_t value = (uint32_t)(reg & 0xf) << 2 | wanted;

	if (search->is_visited[insn] >> value & 1)
		return true;
	if (search->err == NULL)
		search->err = array_reserve(&search->visited, &search->visited_capacity,
					    search->visited_count + 1, sizeof(*search->visited));
	if (search->err == NULL) {
		search->visited[search->visited_count++] = insn * VALUES + value;
		search->is_visited[insn] |= 1ULL << value;
	}
	return false;
}

/* What was met since there were @count of them was met on a way that failed: it is not known to be good. */
static void forget_visited(struct search *search, size_t count)
{
	while (search->visited_count > count) {
		const uint32_t last = search->visited[--search->visited_count];
		search->is_visited[last / VALUES] &= ~(1ULL << last % VALUES);
	}
}

static bool leaves(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted);
static bool is_on_all_ways(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted);

/*
 * Whether the value is what is wanted before instruction @insn: on every way that leads there. What a
 * table or a pointer leads to comes from the function's own indirect jumps.
 */
static bool is_before(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted)
{
	bool is_good = false;

	if (search->depth < DEPTH_MAX) {
		search->depth++;
		is_good = is_on_all_ways(search, insn, reg, wanted);
		search->depth--;
	}
	return is_good;
}

/* What tables lead to comes from jumps by tables; what somebody has the address of, from the others. */
static bool is_from_jumps(struct search *search, uint8_t reg, enum wanted wanted, bool by_table)
{
	for (size_t i = 0; i < search->jump_count; i++) {
		const struct indirect *jump = &search->jumps[i];
		if ((by_table ? jump->by_table : jump->by_pointer) &&
		    !was_visited(search, jump->insn, reg, wanted) &&
		    !is_before(search, jump->insn, reg, wanted))
			return false;
	}
	return true;
}

static bool is_pad(const struct jump_function *function, taddr_t address)
{
	const struct code_extent *extent = code_extents_at(&function->targets->extents, address);

	for (uint32_t i = 0; extent != NULL && i < extent->pad_count; i++) {
		if (function->targets->extents.pads[extent->first_pad + i] == address.value)
			return true;
	}
	return false;
}

/* Likewise, on the ways that do not come from an instruction that names the address. */
static bool is_from_elsewhere(struct search *search, taddr_t address, uint8_t reg,
			      enum wanted wanted)
{
	const struct jump_function *function = search->function;
	const bool is_in_table = jump_function_is_entry(function, address);
	const bool is_taken = jump_targets_has(function->targets, ARCH_REFERENCE_CONSTANT, address);

	if (is_taken && is_pad(function, address))
		return false;
	return (!is_in_table || is_from_jumps(search, reg, wanted, true)) &&
	       (!is_taken || is_from_jumps(search, reg, wanted, false));
}

static bool is_on_all_ways(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted)
{
	const struct jump_function *function = search->function;

	for (;;) {
		const struct code_insn *at = &function->graph.insns[insn];
		size_t e = first_edge(search, insn), end = e;
		uint8_t code[ARCH_INSN_BYTES_MAX], registers[2];

		bool is_jumped_to = false;
		for (; end < search->edge_count && search->edges[end].to == insn; end++)
			is_jumped_to |=
				function->graph.insns[search->edges[end].from].target == insn;
		if (taddr_equal(at->address, function->range.start) || (at->is_start && e == end)) {
			/* A function's argument is a whole address. */
			if (wanted != WHOLE_ADDRESS)
				return false;
		} else if ((!is_jumped_to && jump_targets_has(function->targets,
							      ARCH_REFERENCE_JUMP, at->address)) ||
			   !is_from_elsewhere(search, at->address, reg, wanted)) {
			return false; /* another function shares this code, or other jumps lead here */
		} else if (e == end) {
			return true; /* but for a table or a pointer, nothing leads there */
		}
		if (end - e == 1) {
			/* Along straight code, without another level. */
			insn = search->edges[e].from;
			size_t bytes = cfg_code(&function->graph, insn, code);
			if (arch_origin_of(code, bytes, reg, registers) != ARCH_ORIGIN_EARLIER)
				return leaves(search, insn, reg, wanted);
			if (was_visited(search, insn, reg, wanted))
				return true;
			if (search->visited_count > STEPS_MAX)
				return false;
			continue;
		}
		for (; e < end; e++) {
			if (!leaves(search, search->edges[e].from, reg, wanted))
				return false;
		}
		return true;
	}
}

/* A word and the address of its table, in any order. */
static bool is_table_sum(struct search *search, uint32_t insn, const uint8_t registers[2])
{
	const size_t visited = search->visited_count;

	for (unsigned i = 0; i < 2; i++) {
		const uint8_t word = registers[i], table = registers[1 - i];
		/* One that is in memory has been spilled. */
		if (word != ARCH_NO_REGISTER && is_before(search, insn, word, TABLE_WORD) &&
		    (table == ARCH_NO_REGISTER || is_before(search, insn, table, TABLE_ADDRESS)))
			return true;
		forget_visited(search, visited);
	}
	return false;
}

static bool is_pointer(const struct search *search, uint32_t insn, enum wanted wanted)
{
	const struct jump_function *function = search->function;
	const struct code_insn *from = &function->graph.insns[insn];

	return wanted == WHOLE_ADDRESS || (wanted == TABLE_ADDRESS && !from->is_call &&
					   (from->constant.value == 0 ||
					    !jump_targets_hold(function->targets, from->constant)));
}

/* Whether the value that instruction @insn leaves in @reg is what is wanted. */
static bool leaves(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted)
{
	uint8_t code[ARCH_INSN_BYTES_MAX], registers[2];

	if (search->err != NULL || search->visited_count > STEPS_MAX)
		return false;
	if (was_visited(search, insn, reg, wanted))
		return true; /* a loop, or another way that leads through here */
	size_t bytes = cfg_code(&search->function->graph, insn, code);
	switch (arch_origin_of(code, bytes, reg, registers)) {
	case ARCH_ORIGIN_EARLIER:
		return is_before(search, insn, reg, wanted);
	case ARCH_ORIGIN_POINTER:
		return is_pointer(search, insn, wanted);
	case ARCH_ORIGIN_COPY:
		return is_before(search, insn, registers[0], wanted);
	case ARCH_ORIGIN_CHOICE:
		return is_before(search, insn, registers[0], wanted) &&
		       (registers[1] == ARCH_NO_REGISTER
				? wanted == WHOLE_ADDRESS
				: is_before(search, insn, registers[1], wanted));
	case ARCH_ORIGIN_SUM:
		return wanted == WHOLE_ADDRESS && is_table_sum(search, insn, registers);
	case ARCH_ORIGIN_DISTANCE:
		return wanted == TABLE_WORD;
	case ARCH_ORIGIN_EXTENDED:
		return wanted == TABLE_WORD && is_before(search, insn, registers[0], wanted);
	case ARCH_ORIGIN_OTHER:
		break;
	}
	return false;
}

/* By the instruction that makes the address, if it stands in front of the jump. */
static void classify(const struct search *search, struct indirect *jump)
{
	const struct cfg *graph = &search->function->graph;
	uint8_t code[ARCH_INSN_BYTES_MAX], registers[2];
	uint8_t reg = arch_jump_register(code, cfg_code(graph, jump->insn, code));
	enum arch_origin origin = ARCH_ORIGIN_EARLIER;

	if (reg == ARCH_NO_REGISTER)
		origin = ARCH_ORIGIN_POINTER;
	for (uint32_t insn = jump->insn; origin == ARCH_ORIGIN_EARLIER;) {
		size_t e = first_edge(search, insn);
		if (e == search->edge_count || search->edges[e].to != insn ||
		    (e + 1 < search->edge_count && search->edges[e + 1].to == insn))
			return;
		insn = search->edges[e].from;
		origin = arch_origin_of(code, cfg_code(graph, insn, code), reg, registers);
	}
	jump->by_table = origin != ARCH_ORIGIN_POINTER;
	jump->by_pointer = origin != ARCH_ORIGIN_SUM;
}

struct error *jump_origins_check(struct jump_function *function)
{
	const struct cfg *graph = &function->graph;
	struct search search = { .function = function };
	bool is_ready = false;
	uint8_t code[ARCH_INSN_BYTES_MAX];
	struct error *err = NULL;

	/* One that is not understood is enough. */
	for (uint32_t i = 0; err == NULL && !function->has_unknown_jump && i < graph->count; i++) {
		if (graph->insns[i].flow != ARCH_FLOW_INDIRECT)
			continue;
		uint8_t reg = arch_jump_register(code, cfg_code(graph, i, code));
		if (reg == ARCH_NO_REGISTER)
			continue;
		if (search.edges == NULL)
			err = find_edges(&search);
		for (size_t j = 0; err == NULL && !is_ready && j < search.jump_count; j++)
			classify(&search, &search.jumps[j]);
		is_ready = true;
		forget_visited(&search, 0);
		if (err == NULL && !is_before(&search, i, reg, WHOLE_ADDRESS))
			function->has_unknown_jump = true;
		err = error_first(err, search.err);
	}
	free(search.edges);
	free(search.jumps);
	free(search.visited);
	free(search.is_visited);
	return err;
}
