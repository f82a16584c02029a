/*
 * Where the targets of a function's indirect jumps come from (probe layer); see jump_function_private.h.
 *
 * What jumps to a whole address, from memory, a register or its caller, goes where somebody has that
 * address: jump_targets has seen it. What adds a word to the address of the word's table goes where
 * jump_tables_read has found, in the tables whose addresses may be in the register. The words of a table may also
 * count from a label in the code (vfprintf of glibc); any other arithmetic is not understood.
 *
 * Which tables a jump goes by depends on where control comes from, and so on the tables of all jumps. They are
 * all said to go nowhere at first; what is found of each is added, until nothing new is. Nothing that is left
 * out then can be the first to happen.
 */
#include <stdlib.h>

#include "tracer/arch/references.h"
#include "tracer/base/array.h"
#include "tracer/probe/code/jump_edges.h"
#include "tracer/probe/code/jump_function_private.h"
#include "tracer/probe/code/jump_indirects.h"

enum { STEPS_MAX = 1 << 16, DEPTH_MAX = 1000, VALUES = 64, ROUNDS_MAX = 32 };

/* What a value must be. */
enum wanted {
	WHOLE_ADDRESS,
	TABLE_WORD,
	TABLE_ADDRESS, /* or what may have been spilled: no code */
	LABEL_ADDRESS, /* in the function, which a table's words may count from */
};

struct search {
	struct jump_function *function;
	struct jump_edges edges;
	struct jump_indirects jumps;
	struct jump_indirect *jump; /* that is looked at */
	/* An instruction, a register and what is wanted, for the jump that is looked at: a list, … */
	uint32_t *visited;
	size_t visited_count, visited_capacity;
	uint64_t *is_visited; /* … and a word of VALUES bits for each instruction */
	unsigned depth;
	struct error *err;
};

static struct error *prepare(struct search *search)
{
	const struct cfg *graph = &search->function->graph;

	search->is_visited = calloc(graph->count, sizeof(*search->is_visited));
	if (search->is_visited == NULL)
		return error_no_memory();
	return jump_edges_find(graph, &search->edges);
}

static void search_deinit(struct search *search)
{
	jump_indirects_deinit(&search->jumps);
	jump_edges_deinit(&search->edges);
	free(search->visited);
	free(search->is_visited);
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

/* Whether what is wanted is so at every jump by a pointer; at every one by @table, if one is given. */
static bool is_from_jumps(struct search *search, uint8_t reg, enum wanted wanted,
			  const taddr_t *table)
{
	for (size_t i = 0; i < search->jumps.count; i++) {
		const struct jump_indirect *jump = &search->jumps.items[i];
		if ((table != NULL ? jump_indirect_uses(jump, *table) : jump->by_pointer) &&
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
	const bool is_taken = jump_targets_has(function->targets, ARCH_REFERENCE_CONSTANT, address);
	size_t end, i = jump_tables_to(function, address, &end);

	if (is_taken && is_pad(function, address))
		return false;
	for (; i < end; i++) {
		if (!is_from_jumps(search, reg, wanted, &function->table_entries[i].table))
			return false;
	}
	return !is_taken || is_from_jumps(search, reg, wanted, NULL);
}

/* Whether callers may come to the instruction: what a cold part begins with is only jumped to. */
static bool is_entry(const struct search *search, const struct code_insn *insn, bool has_edges)
{
	return insn->is_start &&
	       (!has_edges || jump_targets_is_function(search->function->targets, insn->address));
}

/*
 * Whether code that was not looked at jumps there, with other values. What several functions jump to at its beginning,
 * and nobody calls, is a function all the same: it has arguments.
 */
static bool is_shared(const struct search *search, const struct code_insn *insn, bool is_jumped_to,
		      enum wanted wanted)
{
	const struct jump_function *function = search->function;

	if (jump_function_enters(function, insn->address, taddr_add(insn->address, 1)))
		return true; /* by a short branch */
	if (!jump_targets_has(function->targets, ARCH_REFERENCE_JUMP, insn->address) ||
	    (is_jumped_to && (!insn->is_start || wanted == WHOLE_ADDRESS)))
		return false;
	return jump_references_lead_from_outside(function->targets->references, function->targets,
						 insn->address, &function->graph);
}

static bool is_on_all_ways(struct search *search, uint32_t insn, uint8_t reg, enum wanted wanted)
{
	const struct jump_function *function = search->function;

	for (;;) {
		const struct code_insn *at = &function->graph.insns[insn];
		const struct jump_edge *edges = search->edges.items;
		size_t end, e = jump_edges_to(&search->edges, insn, &end);
		uint8_t code[ARCH_INSN_BYTES_MAX], registers[2];

		bool is_jumped_to = false;
		for (size_t i = e; i < end; i++)
			is_jumped_to |= function->graph.insns[edges[i].from].target == insn;
		if (is_entry(search, at, e < end)) {
			/* A function's argument is a whole address. */
			if (wanted != WHOLE_ADDRESS)
				return false;
			jump_indirects_note_pointer(&search->jumps, search->jump);
		} else if (is_shared(search, at, is_jumped_to, wanted) ||
			   !is_from_elsewhere(search, at->address, reg, wanted)) {
			return false; /* another function shares this code, or other jumps lead here */
		} else if (e == end) {
			return true; /* but for a table or a pointer, nothing leads there */
		}
		if (end - e == 1) {
			/* Along straight code, without another level. */
			insn = edges[e].from;
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
			if (!leaves(search, edges[e].from, reg, wanted))
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
		if (word != ARCH_NO_REGISTER && is_before(search, insn, word, TABLE_WORD)) {
			const size_t word_visited = search->visited_count;
			if (table == ARCH_NO_REGISTER)
				jump_indirects_note_any_table(&search->jumps, search->jump);
			if (table == ARCH_NO_REGISTER ||
			    is_before(search, insn, table, TABLE_ADDRESS))
				return true;
			forget_visited(search, word_visited);
			if (is_before(search, insn, table, LABEL_ADDRESS))
				return true;
		}
		forget_visited(search, visited);
	}
	return false;
}

static bool is_table_word(struct search *search, uint32_t insn, const uint8_t registers[2])
{
	const size_t visited = search->visited_count;

	if (registers[0] == ARCH_NO_REGISTER ||
	    is_before(search, insn, registers[0], TABLE_ADDRESS))
		return true;
	forget_visited(search, visited);
	return registers[1] != ARCH_NO_REGISTER &&
	       is_before(search, insn, registers[1], TABLE_ADDRESS);
}

static bool is_label(const struct jump_function *function, taddr_t address)
{
	return address.value != 0 && cfg_find(&function->graph, address) != CODE_NOWHERE;
}

static bool is_pointer(struct search *search, uint32_t insn, enum wanted wanted)
{
	const struct jump_function *function = search->function;
	const struct code_insn *from = &function->graph.insns[insn];

	if (wanted == WHOLE_ADDRESS) {
		jump_indirects_note_pointer(&search->jumps, search->jump);
		return true;
	}
	if (wanted == LABEL_ADDRESS && !is_label(function, from->constant))
		return false;
	if (wanted == TABLE_WORD || from->is_call)
		return false;
	if (from->constant.value == 0) {
		jump_indirects_note_any_table(&search->jumps, search->jump);
		return true;
	}
	if (wanted == TABLE_ADDRESS && jump_targets_hold(function->targets, from->constant))
		return false;
	search->err =
		error_first(search->err, jump_indirects_note_table(&search->jumps, search->jump,
								   from->constant));
	return true;
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
	case ARCH_ORIGIN_NULL:
		return wanted == WHOLE_ADDRESS; /* a jump there goes nowhere */
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
		return wanted == TABLE_WORD && is_table_word(search, insn, registers);
	case ARCH_ORIGIN_EXTENDED:
		return wanted == TABLE_WORD && is_before(search, insn, registers[0], wanted);
	case ARCH_ORIGIN_OTHER:
		break;
	}
	return false;
}

/* Whether each jump is understood, as far as is known now what others go through. */
static bool are_understood(struct search *search)
{
	for (size_t i = 0; i < search->jumps.count; i++) {
		search->jump = &search->jumps.items[i];
		if (search->jump->reg == ARCH_NO_REGISTER)
			continue;
		forget_visited(search, 0);
		if (!is_before(search, search->jump->insn, search->jump->reg, WHOLE_ADDRESS))
			return false;
	}
	return true;
}

static bool find_all(struct search *search)
{
	for (unsigned rounds = 0; rounds < ROUNDS_MAX; rounds++) {
		search->jumps.has_news = false;
		if (!are_understood(search))
			return false;
		if (!search->jumps.has_news)
			return true;
	}
	return false;
}

/* Notes where the tables lead that are used, or may be. */
static struct error *enter_tables(const struct search *search)
{
	struct jump_function *function = search->function;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < function->table_entry_count; i++) {
		const struct jump_table_entry *entry = &function->table_entries[i];
		if (function->has_unknown_jump || jump_indirects_use(&search->jumps, entry->table))
			err = jump_function_add_entry(function, entry->target);
	}
	return err;
}

struct error *jump_origins_check(struct jump_function *function)
{
	struct search search = { .function = function };

	struct error *err = jump_indirects_find(&function->graph, &search.jumps);
	if (err == NULL && jump_indirects_use_registers(&search.jumps) &&
	    !function->has_unknown_jump) {
		err = prepare(&search);
		if (err == NULL)
			function->has_unknown_jump = !find_all(&search);
		err = error_first(err, search.err);
	}
	if (err == NULL)
		err = enter_tables(&search);
	search_deinit(&search);
	return err;
}
