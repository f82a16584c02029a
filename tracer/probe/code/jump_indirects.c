/* The indirect jumps of a function; see jump_indirects.h. Probe layer. */
#include "tracer/probe/code/jump_indirects.h"

#include <stdlib.h>

#include "tracer/arch/references.h"
#include "tracer/base/array.h"

struct error *jump_indirects_find(const struct cfg *graph, struct jump_indirects *ret)
{
	uint8_t code[ARCH_INSN_BYTES_MAX];

	*ret = (struct jump_indirects){ 0 };
	for (uint32_t i = 0; i < graph->count; i++) {
		if (graph->insns[i].flow != ARCH_FLOW_INDIRECT)
			continue;
		struct error *err = array_reserve(&ret->items, &ret->capacity, ret->count + 1,
						  sizeof(*ret->items));
		if (err != NULL)
			return err;
		const uint8_t reg = arch_jump_register(code, cfg_code(graph, i, code));
		ret->items[ret->count++] = (struct jump_indirect){
			.insn = i,
			.reg = reg,
			.by_pointer = reg == ARCH_NO_REGISTER,
		};
	}
	return NULL;
}

void jump_indirects_deinit(struct jump_indirects *jumps)
{
	for (size_t i = 0; i < jumps->count; i++)
		free(jumps->items[i].tables);
	free(jumps->items);
	*jumps = (struct jump_indirects){ 0 };
}

bool jump_indirects_use_registers(const struct jump_indirects *jumps)
{
	for (size_t i = 0; i < jumps->count; i++) {
		if (jumps->items[i].reg != ARCH_NO_REGISTER)
			return true;
	}
	return false;
}

bool jump_indirect_uses(const struct jump_indirect *jump, taddr_t table)
{
	for (size_t i = 0; i < jump->table_count; i++) {
		if (taddr_equal(jump->tables[i], table))
			return true;
	}
	return jump->by_any_table;
}

bool jump_indirects_use(const struct jump_indirects *jumps, taddr_t table)
{
	for (size_t i = 0; i < jumps->count; i++) {
		if (jump_indirect_uses(&jumps->items[i], table))
			return true;
	}
	return false;
}

struct error *jump_indirects_note_table(struct jump_indirects *jumps, struct jump_indirect *jump,
					taddr_t table)
{
	if (jump_indirect_uses(jump, table))
		return NULL;
	struct error *err = array_reserve(&jump->tables, &jump->table_capacity,
					  jump->table_count + 1, sizeof(*jump->tables));
	if (err != NULL)
		return err;
	jump->tables[jump->table_count++] = table;
	jumps->has_news = true;
	return NULL;
}

void jump_indirects_note_any_table(struct jump_indirects *jumps, struct jump_indirect *jump)
{
	jumps->has_news |= !jump->by_any_table;
	jump->by_any_table = true;
}

void jump_indirects_note_pointer(struct jump_indirects *jumps, struct jump_indirect *jump)
{
	jumps->has_news |= !jump->by_pointer;
	jump->by_pointer = true;
}
