/* What jump_function holds (probe layer; only for the files that prove). */
#ifndef PROBE_CODE_JUMP_FUNCTION_PRIVATE_H
#define PROBE_CODE_JUMP_FUNCTION_PRIVATE_H

#include "tracer/probe/code/cfg.h"
#include "tracer/probe/code/jump_function.h"
#include "tracer/probe/code/jump_targets_private.h"

/* A word of a table of distances. */
struct jump_table_entry {
	taddr_t target, table;
};

struct jump_function {
	const struct jump_targets *targets; /* borrowed */
	struct code_range range;
	bool has_range;
	struct cfg graph; /* the function first, then what it shares jumps with */
	/* Where control may come from a branch or a table; sorted when the function is ready. */
	taddr_t *entries;
	size_t entry_count, entry_capacity;
	/* What may be words of tables, by target: of more tables than there are. */
	struct jump_table_entry *table_entries;
	size_t table_entry_count, table_entry_capacity;
	bool has_unknown_jump; /* an indirect jump goes nobody knows where */
	bool has_unknown_code;
};

/* Notes an address that control may come to; of no other than this function's. */
struct error *jump_function_add_entry(struct jump_function *function, taddr_t address) MUST_CHECK;
void jump_function_sort(struct jump_function *function);

/* Of sorted ones: whether one lies in [first, end), or at @address. */
bool jump_function_enters(const struct jump_function *function, taddr_t first, taddr_t end);

/*
 * Adds what its jumps lead out of it to, if that may be a part of it. What may lead back by jumps that are not looked
 * at makes @function->has_unknown_jump.
 */
struct error *jump_parts_find(struct jump_function *function) MUST_CHECK;

/* Whether a stub is there that jumps on through memory: to another function's beginning. */
bool jump_function_meets_stub(const struct jump_function *function, taddr_t address);

/* Finds where tables of distances lead, and adds the parts of the function that only they lead to. */
struct error *jump_tables_read(struct jump_function *function) MUST_CHECK;

/* The words that lead to @address: from the index returned up to @ret_end. */
size_t jump_tables_to(const struct jump_function *function, taddr_t address, size_t *ret_end);

/*
 * Whether all indirect jumps are of kinds whose targets are known now: else @function->has_unknown_jump. Adds what
 * the tables that they use lead to. The graph is linked, the entries are those from outside, sorted.
 */
struct error *jump_origins_check(struct jump_function *function) MUST_CHECK;

#endif
