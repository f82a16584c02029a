/* A function prepared for proofs; see jump_function.h. Probe layer. */
#include "tracer/probe/code/jump_function.h"

#include <stdlib.h>

#include "symbols/file/inlined.h"
#include "tracer/arch/references.h"
#include "tracer/base/array.h"
#include "tracer/probe/code/jump_function_private.h"

/* A window may reach into what pads the function's end. */
static taddr_t padding_end(const struct jump_function *function)
{
	return taddr_add(function->range.end, ARCH_INSN_BYTES_MAX);
}

struct error *jump_function_add_entry(struct jump_function *function, taddr_t address)
{
	const bool is_near = address.value >= function->range.end.value &&
			     address.value < padding_end(function).value;

	if (!is_near && !cfg_holds(&function->graph, address))
		return NULL;
	struct error *err = array_reserve(&function->entries, &function->entry_capacity,
					  function->entry_count + 1, sizeof(*function->entries));
	if (err == NULL)
		function->entries[function->entry_count++] = address;
	return err;
}

static int taddr_compare(const void *left, const void *right)
{
	const taddr_t *a = left, *b = right;

	return (a->value > b->value) - (a->value < b->value);
}

void jump_function_sort(struct jump_function *function)
{
	if (function->entry_count > 0)
		qsort(function->entries, function->entry_count, sizeof(*function->entries),
		      taddr_compare);
}

bool jump_function_enters(const struct jump_function *function, taddr_t first, taddr_t end)
{
	size_t low = 0, high = function->entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (function->entries[middle].value < first.value)
			low = middle + 1;
		else
			high = middle;
	}
	return low < function->entry_count && function->entries[low].value < end.value;
}

/* Short branches and others inside; each must lead to where an instruction begins. */
static struct error *add_branches(struct jump_function *function)
{
	const struct cfg *graph = &function->graph;
	uint8_t code[ARCH_INSN_BYTES_MAX];
	struct error *err = NULL;

	for (uint32_t i = 0; err == NULL && i < graph->count; i++) {
		taddr_t target = graph->insns[i].branch;
		if (target.value == 0)
			continue;
		err = jump_function_add_entry(function, target);
		if (!cfg_holds(graph, target))
			continue;
		uint32_t before = cfg_find(graph, taddr(target.value - 1));
		const bool skips_prefix =
			before != CODE_NOWHERE &&
			arch_has_optional_prefix(code, cfg_code(graph, before, code));
		function->has_unknown_code |=
			cfg_find(graph, target) == CODE_NOWHERE && !skips_prefix;
	}
	return err;
}

struct outside {
	struct jump_function *function;
	struct error *err;
};

static void note_outside(void *context, taddr_t address, enum arch_reference kind, taddr_t from)
{
	struct outside *outside = context;

	(void)kind;
	/* The function's own jumps are known. */
	if (outside->err == NULL && !cfg_holds(&outside->function->graph, from))
		outside->err = jump_function_add_entry(outside->function, address);
}

/* The branches of another function; false: not all of it is understood. */
static bool add_neighbour(struct outside *outside, const struct code_range *range)
{
	struct jump_function *function = outside->function;
	struct cfg other = { 0 };

	outside->err = cfg_add_range(&other, function->targets->file, range->start, range->end);
	const bool is_known = outside->err == NULL && cfg_is_whole(&other);
	for (size_t i = 0; is_known && i < other.count; i++)
		note_outside(outside, other.insns[i].branch, ARCH_REFERENCE_JUMP,
			     other.insns[i].address);
	cfg_deinit(&other);
	return is_known;
}

/* What short branches of the code in [start, end), which is another function's or nobody's, lead to. */
static struct error *add_outside(struct jump_function *function, taddr_t start, taddr_t end)
{
	struct outside outside = { function, NULL };
	const struct arch_reference_sink sink = { function->range.start, padding_end(function),
						  note_outside, &outside };
	uint8_t code[ARCH_SHORT_BRANCH_REACH + 1];
	struct code_range range;

	while (outside.err == NULL && start.value < end.value) {
		/* Between segments is nothing. */
		const size_t bytes = symbol_file_read_code(function->targets->file, start, code,
							   end.value - start.value + 1);
		uint64_t at = 0;
		for (; outside.err == NULL && at + 1 < bytes; at++) {
			taddr_t here = taddr_add(start, at);
			if (jump_targets_range(function->targets, here, &range) &&
			    add_neighbour(&outside, &range))
				at = range.end.value - start.value - 1;
			else /* not understood: whatever looks like a branch is one */
				arch_short_branches(code + at, 2, here, &sink);
		}
		start.value += at > 0 ? at : 1;
	}
	return outside.err;
}

static struct error *prepare(struct jump_function *function)
{
	const struct code_range *range = &function->range;
	struct cfg *graph = &function->graph;
	const struct symbol_file *file = function->targets->file;

	struct error *err = cfg_add_range(graph, file, range->start, range->end);
	function->has_unknown_code = range->extent != NULL && range->extent->has_unknown_pads;
	if (err == NULL)
		err = jump_parts_find(function);
	if (err == NULL)
		err = jump_tables_read(function);
	/* Its own, and that of its parts. */
	function->has_unknown_code |= !cfg_is_whole(graph);
	if (err == NULL)
		err = cfg_link(graph, file, NULL, 0);
	if (err == NULL)
		err = add_outside(function, taddr(range->start.value - ARCH_SHORT_BRANCH_REACH),
				  range->start);
	if (err == NULL)
		err = add_outside(function, range->end,
				  taddr_add(range->end, ARCH_SHORT_BRANCH_REACH));
	jump_function_sort(function);
	if (err == NULL)
		err = jump_origins_check(function);
	if (err == NULL)
		err = add_branches(function);
	jump_function_sort(function);
	return err;
}

struct error *jump_function_create(const struct jump_targets *targets, taddr_t address,
				   struct jump_function **ret)
{
	struct jump_function *function = calloc(1, sizeof(*function));

	if (function == NULL)
		return error_no_memory();
	function->targets = targets;
	function->has_range = jump_targets_range(targets, address, &function->range);
	struct error *err = NULL;
	if (function->has_range)
		err = prepare(function);
	else
		function->range = (struct code_range){ address, taddr_add(address, 1), NULL };
	if (err != NULL) {
		jump_function_destroy(function);
		return err;
	}
	*ret = function;
	return NULL;
}

void jump_function_destroy(struct jump_function *function)
{
	if (function == NULL)
		return;
	cfg_deinit(&function->graph);
	free(function->entries);
	free(function->table_entries);
	free(function);
}

bool jump_function_holds(const struct jump_function *function, taddr_t address)
{
	return address.value >= function->range.start.value &&
	       address.value < function->range.end.value;
}
