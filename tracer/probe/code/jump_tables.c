/*
 * Where tables of a function lead (probe layer); see jump_function_private.h.
 *
 * GCC and clang write movslq (table,index,4); add table; jmp: distances from the table itself. Which
 * address it is may be hoisted far away or spilled, so every constant of the function counts as such a
 * table; and a table is read on until another begins, or as long as the words lead to instructions of the
 * function. With GNU C's labels as values, words may count from one of those. All that gives more targets than
 * there are, never fewer.
 */
#include <stdlib.h>
#include <string.h>

#include "symbols/file/inlined.h"
#include "tracer/arch/references.h"
#include "tracer/base/array.h"
#include "tracer/probe/code/jump_function_private.h"

enum { TABLE_BYTES_MAX = 1 << 16 };

/*
 * Whether a table of the function may have the target: an instruction of its own, or one of a part of it
 * that no branch has led to, which is then added.
 */
static struct error *may_lead_to(struct jump_function *function, taddr_t target, bool *ret)
{
	const struct jump_targets *targets = function->targets;
	struct code_range range;

	*ret = cfg_find(&function->graph, target) != CODE_NOWHERE;
	if (cfg_holds(&function->graph, target) || !jump_targets_hold(targets, target) ||
	    !jump_targets_range(targets, target, &range) ||
	    jump_targets_is_function(targets, range.start) ||
	    jump_function_meets_stub(function, target))
		return NULL;
	struct error *err = cfg_add_range(&function->graph, targets->file, range.start, range.end);
	*ret = err == NULL;
	function->has_unknown_jump |= !cfg_holds(&function->graph, target);
	return err;
}

/* The constants of a function: those that lie in its data, sorted, and those that are in its own code. */
struct constants {
	taddr_t *items, *labels;
	size_t count, capacity, label_count, label_capacity;
};

static int constant_compare(const void *left, const void *right)
{
	const taddr_t *a = left, *b = right;

	return (a->value > b->value) - (a->value < b->value);
}

static struct error *add_constant(taddr_t **items, size_t *count, size_t *capacity,
				  taddr_t constant)
{
	struct error *err = array_reserve(items, capacity, *count + 1, sizeof(**items));

	if (err == NULL)
		(*items)[(*count)++] = constant;
	return err;
}

/* Sorts them, and leaves each once. */
static void make_unique(taddr_t *items, size_t *count)
{
	size_t kept = 0;

	if (*count > 0)
		qsort(items, *count, sizeof(*items), constant_compare);
	for (size_t i = 0; i < *count; i++) {
		if (kept == 0 || !taddr_equal(items[kept - 1], items[i]))
			items[kept++] = items[i];
	}
	*count = kept;
}

static struct error *find_constants(const struct jump_function *function, struct constants *ret)
{
	const struct cfg *graph = &function->graph;
	struct error *err = NULL;

	ret->count = ret->label_count = 0;
	for (size_t i = 0; err == NULL && i < graph->count; i++) {
		taddr_t constant = graph->insns[i].constant;
		if (constant.value == 0)
			continue;
		if (!jump_targets_hold(function->targets, constant))
			err = add_constant(&ret->items, &ret->count, &ret->capacity, constant);
		else if (cfg_find(graph, constant) != CODE_NOWHERE)
			err = add_constant(&ret->labels, &ret->label_count, &ret->label_capacity,
					   constant);
	}
	make_unique(ret->items, &ret->count);
	make_unique(ret->labels, &ret->label_count);
	return err;
}

static taddr_t word_target(taddr_t table, const uint8_t *word)
{
	int32_t distance;

	memcpy(&distance, word, sizeof(distance));
	return taddr_add(table, (uint64_t)(int64_t)distance);
}

/*
 * Whether another table begins at @address, so that the one in front of it ends there: the function has
 * the address, and several words count from there, or from @label if there is one, to instructions. Compilers write no
 * shorter tables.
 */
static bool begins_table(const struct jump_function *function, const struct constants *constants,
			 taddr_t address, taddr_t label, const uint8_t *words, size_t bytes)
{
	enum { WORDS_MIN = 4 };
	const taddr_t base = label.value != 0 ? label : address;

	if (bytes < WORDS_MIN * sizeof(int32_t) ||
	    bsearch(&address, constants->items, constants->count, sizeof(*constants->items),
		    constant_compare) == NULL)
		return false;
	for (size_t i = 0; i < WORDS_MIN; i++) {
		taddr_t target = word_target(base, words + i * sizeof(int32_t));
		if (cfg_find(&function->graph, target) == CODE_NOWHERE)
			return false;
	}
	return true;
}

static struct error *add_entry(struct jump_function *function, taddr_t table, taddr_t target)
{
	struct error *err =
		array_reserve(&function->table_entries, &function->table_entry_capacity,
			      function->table_entry_count + 1, sizeof(*function->table_entries));
	if (err == NULL)
		function->table_entries[function->table_entry_count++] =
			(struct jump_table_entry){ target, table };
	return err;
}

static int entry_compare(const void *left, const void *right)
{
	const struct jump_table_entry *a = left, *b = right;

	return (a->target.value > b->target.value) - (a->target.value < b->target.value);
}

size_t jump_tables_to(const struct jump_function *function, taddr_t address, size_t *ret_end)
{
	const struct jump_table_entry *entries = function->table_entries;
	size_t low = 0, high = function->table_entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (entries[middle].target.value < address.value)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_end = low;
	while (*ret_end < function->table_entry_count &&
	       taddr_equal(entries[*ret_end].target, address))
		++*ret_end;
	return low;
}

/* @bytes of @words at @table, which count from there, or from @label if there is one. */
static struct error *enter_words(struct jump_function *function, const struct constants *constants,
				 taddr_t table, taddr_t label, const uint8_t *words, size_t bytes)
{
	const taddr_t base = label.value != 0 ? label : table;
	struct error *err = NULL;
	bool is_entry = true;

	for (size_t at = 0; err == NULL && at + sizeof(int32_t) <= bytes; at += sizeof(int32_t)) {
		taddr_t target = word_target(base, words + at);
		if (at > 0 && begins_table(function, constants, taddr_add(table, at), label,
					   words + at, bytes - at))
			return NULL;
		err = may_lead_to(function, target, &is_entry);
		if (err != NULL || !is_entry)
			return err;
		err = add_entry(function, base, target);
	}
	/* No table is as long as that. */
	function->has_unknown_jump |= bytes == TABLE_BYTES_MAX;
	return err;
}

/* By itself, and by every label that the function has. @words: room for TABLE_BYTES_MAX. */
static struct error *read_table(struct jump_function *function, const struct constants *constants,
				taddr_t table, uint8_t *words)
{
	const size_t bytes =
		symbol_file_read_data(function->targets->file, table, words, TABLE_BYTES_MAX);
	struct error *err = enter_words(function, constants, table, taddr(0), words, bytes);

	for (size_t i = 0; err == NULL && i < constants->label_count; i++)
		err = enter_words(function, constants, table, constants->labels[i], words, bytes);
	return err;
}

static bool has_table_jump(const struct cfg *graph)
{
	uint8_t code[ARCH_INSN_BYTES_MAX];

	for (uint32_t i = 0; i < graph->count; i++) {
		if (graph->insns[i].flow == ARCH_FLOW_INDIRECT &&
		    arch_jump_register(code, cfg_code(graph, i, code)) != ARCH_NO_REGISTER)
			return true;
	}
	return false;
}

struct error *jump_tables_read(struct jump_function *function)
{
	struct constants constants = { 0 };
	size_t pieces;

	if (!has_table_jump(&function->graph))
		return NULL;
	uint8_t *words = malloc(TABLE_BYTES_MAX);
	struct error *err = words != NULL ? NULL : error_no_memory();
	do {
		/* Parts that tables lead to have constants of their own. */
		pieces = function->graph.piece_count;
		function->table_entry_count = 0;
		if (err == NULL)
			err = find_constants(function, &constants);
		for (size_t i = 0; err == NULL && i < constants.count; i++)
			err = read_table(function, &constants, constants.items[i], words);
	} while (err == NULL && function->graph.piece_count > pieces);
	free(words);
	free(constants.items);
	free(constants.labels);
	if (function->table_entry_count > 0)
		qsort(function->table_entries, function->table_entry_count,
		      sizeof(*function->table_entries), entry_compare);
	return err;
}
