/* The indirect jumps of a function, and what each has been found to go through (probe layer). */
#ifndef PROBE_CODE_JUMP_INDIRECTS_H
#define PROBE_CODE_JUMP_INDIRECTS_H

#include "tracer/probe/code/cfg.h"

struct jump_indirect {
	uint32_t insn;
	uint8_t reg; /* ARCH_NO_REGISTER: its target is in memory */
	bool by_pointer, by_any_table;
	taddr_t *tables; /* owned */
	size_t table_count, table_capacity;
};

struct jump_indirects {
	struct jump_indirect *items; /* owned */
	size_t count, capacity;
	bool has_news; /* something has been noted that was not known */
};

/* All of @graph; they go through nothing yet. Release with jump_indirects_deinit, whatever it returns. */
struct error *jump_indirects_find(const struct cfg *graph, struct jump_indirects *ret) MUST_CHECK;
void jump_indirects_deinit(struct jump_indirects *jumps);

/* Whether any has its target in a register. */
bool jump_indirects_use_registers(const struct jump_indirects *jumps);

struct error *jump_indirects_note_table(struct jump_indirects *jumps, struct jump_indirect *jump,
					taddr_t table) MUST_CHECK;
void jump_indirects_note_any_table(struct jump_indirects *jumps, struct jump_indirect *jump);
void jump_indirects_note_pointer(struct jump_indirects *jumps, struct jump_indirect *jump);

/* Whether @jump may, or any of them. */
bool jump_indirect_uses(const struct jump_indirect *jump, taddr_t table);
bool jump_indirects_use(const struct jump_indirects *jumps, taddr_t table);

#endif
