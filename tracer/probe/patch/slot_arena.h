/*
 * Room for code blocks in the target, near the code that they stand for (probe layer).
 *
 * In mappings of the kind INJECTED_SLOTS, of which each is 256 KiB of address space; pads in those of the kind
 * INJECTED_PADS.
 *
 * A program may copy code with a jump to a pad in it, and run the copy. The jump then leads as far from the pad as the
 * copy is from its original, and where that is, there had better be nothing that can be executed: the fault tells us
 * what has happened (copies.h). So pads lie far from the program's code, where what the program maps near its
 * code finds nothing at that distance. The first are alone in pages that are far from each other: a copy that is a page
 * away or farther leads to no other pad. What is not a pad in these pages is traps.
 */
#ifndef PROBE_PATCH_SLOT_ARENA_H
#define PROBE_PATCH_SLOT_ARENA_H

#include "tracer/probe/patch/injected.h"

enum { SLOT_CHUNK_BYTES = 256 * 1024 };

/*
 * Gives @block, whose address is set, room for @bytes within reach, in an old mapping of @kind or in a new
 * one, which is not mapped if @tracee is not stopped. The block must stay where it is until it is freed.
 */
struct error *slot_arena_alloc(struct injected *injected, struct tracee *tracee,
			       enum injected_kind kind, struct code_block *block,
			       uint16_t bytes) MUST_CHECK;

/*
 * Room for jumps from given places in [@start, @start + @bytes), which are whole pages: maps it, and fills it with
 * traps. @tracee is stopped, outside any system call. Fails with ERR_FORMAT where something is mapped there.
 */
struct error *slot_arena_add_trampolines(struct injected *injected, struct tracee *tracee,
					 taddr_t start, uint64_t bytes,
					 struct injected_mapping **ret) MUST_CHECK;

/* The first address in [@first, @last] where @bytes of @mapping, of trampolines, are free; 0: none is. */
taddr_t slot_arena_free_place(const struct injected_mapping *mapping, taddr_t first, taddr_t last,
			      uint16_t bytes);

/* Gives @block, whose address is set, the free @bytes at @start of @mapping. */
struct error *slot_arena_place(struct injected_mapping *mapping, taddr_t start,
			       struct code_block *block, uint16_t bytes) MUST_CHECK;

/* Whether all that is no block, in mappings of @kind, is traps. */
static inline bool slot_arena_is_filled(enum injected_kind kind)
{
	return kind == INJECTED_PADS || kind == INJECTED_TRAMPOLINES;
}

/* The room is not used again if anything has been written there: a thread may be in it. */
void slot_arena_free(struct injected *injected, struct code_block *block);

/* @block is a copy, for a clone of the list that the original has its room in. */
void slot_arena_tie(struct injected *injected, struct code_block *block);

/* Whether @block's room is mapped. */
bool slot_arena_is_mapped(const struct injected *injected, const struct code_block *block);

/* The block that holds @pc; NULL: none. */
struct code_block *slot_arena_find(const struct injected *injected, taddr_t pc);

/*
 * Maps what is not mapped yet; @tracee is stopped, outside any system call. The caller writes the blocks
 * that are not written: their addresses may be new.
 */
struct error *slot_arena_map_rest(struct injected *injected, struct tracee *tracee) MUST_CHECK;

/* Claims those mappings that injected_adopt has found and that have room; the others are left. */
struct error *slot_arena_adopt(struct injected *injected) MUST_CHECK;

#endif
