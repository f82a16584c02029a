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
