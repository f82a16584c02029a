/* Room for code blocks in the target; see slot_arena.h. Probe layer. */
#include "tracer/probe/patch/slot_arena.h"

#include <assert.h>
#include <string.h>

#include "tracer/arch/arch.h"
#include "tracer/base/array.h"

enum { BLOCK_ALIGNMENT_BYTES = 16, TRAMPOLINE_ROOM_BYTES = 16 };

static bool is_within_reach(taddr_t a, taddr_t b)
{
	uint64_t distance = a.value > b.value ? a.value - b.value : b.value - a.value;
	return distance < ARCH_SLOT_REACH_BYTES;
}

static bool holds_blocks(enum injected_kind kind)
{
	return kind == INJECTED_SLOTS || kind == INJECTED_PADS || kind == INJECTED_TRAMPOLINES;
}

/* In the pages of pads that the @bytes at @offset of @mapping are the first to be in, what is no pad. */
static struct error *fill_with_traps(const struct injected *injected,
				     const struct injected_mapping *mapping, uint64_t offset,
				     uint64_t bytes)
{
	uint8_t traps[ARCH_PAGE_BYTES];
	const uint64_t page_bytes = sizeof(traps);
	/* The first page has a head, too, and is filled by the first block. */
	uint64_t at = offset == INJECTED_HEAD_BYTES
			      ? offset
			      : (offset + page_bytes - 1) / page_bytes * page_bytes;
	uint64_t end = (offset + bytes + page_bytes - 1) / page_bytes * page_bytes;
	struct error *err = NULL;

	for (size_t i = 0; i + arch_trap_insn_bytes <= sizeof(traps); i += arch_trap_insn_bytes)
		memcpy(traps + i, arch_trap_insn, arch_trap_insn_bytes);
	for (uint64_t next; err == NULL && at < end; at = next) {
		next = (at / page_bytes + 1) * page_bytes;
		err = address_space_write(injected->injection.space, taddr_add(mapping->start, at),
					  traps, next - at);
	}
	return err;
}

static bool is_far_below(taddr_t start, taddr_t near)
{
	return start.value < near.value && near.value - start.value >= INJECTED_PADS_FAR_BYTES &&
	       is_within_reach(start, near);
}

/* Pads are where they should be, as seen from @near; or as near as they had to be. */
static bool pads_serve(const struct injected_mapping *mapping, taddr_t near)
{
	const struct code_block *first = mapping->block_count > 0 ? mapping->blocks[0].block : NULL;

	return is_far_below(mapping->start, near) ||
	       (first != NULL && !is_far_below(mapping->start, first->address));
}

/* The next step from the lowest page of pads near @near, without a look at what is mapped there. */
static bool guess_place_of_pads(const struct injected *injected, taddr_t near, taddr_t *ret)
{
	uint64_t lowest = 0;

	for (size_t i = 0; i < injected->count; i++) {
		const struct injected_mapping *mapping = &injected->mappings[i];
		uint64_t start = mapping->start.value;
		if (mapping->kind == INJECTED_PADS && is_far_below(mapping->start, near) &&
		    (lowest == 0 || start < lowest))
			lowest = start;
	}
	*ret = taddr(lowest - INJECTED_PADS_STEP_BYTES);
	return lowest > INJECTED_PADS_FAR_BYTES && is_far_below(*ret, near);
}

/* The first pads are alone in pages far from each other; a program with very many must not get as many mappings. */
static uint64_t pads_chunk_bytes(const struct injected *injected)
{
	enum { SMALL_COUNT = 8 };
	unsigned count = 0;

	for (size_t i = 0; i < injected->count; i++)
		count += injected->mappings[i].kind == INJECTED_PADS &&
			 !injected->mappings[i].is_left;
	return count < SMALL_COUNT ? ARCH_PAGE_BYTES : SLOT_CHUNK_BYTES;
}

static struct error *add_chunk(struct injected *injected, struct tracee *tracee,
			       enum injected_kind kind, taddr_t near, struct injected_mapping **ret)
{
	const uint64_t bytes =
		kind == INJECTED_PADS ? pads_chunk_bytes(injected) : SLOT_CHUNK_BYTES;
	struct error *err = NULL;
	taddr_t start;

	if (kind != INJECTED_PADS || !guess_place_of_pads(injected, near, &start))
		err = injected_find_room(injected, tracee->tid, kind, near, bytes, &start);
	if (err == NULL)
		err = injected_add(injected, kind, start, bytes, ret);
	if (err != NULL || !tracee_may_call(tracee))
		return err;
	err = injected_map(injected, *ret, tracee, near);
	if (err != NULL)
		injected_drop(injected, *ret);
	return err;
}

static struct injected_mapping *find_room(const struct injected *injected, enum injected_kind kind,
					  taddr_t near, uint16_t bytes)
{
	for (size_t i = injected->count; i-- > 0;) {
		struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->kind == kind && !mapping->is_left &&
		    mapping->used_bytes + bytes <= mapping->bytes &&
		    is_within_reach(mapping->start, near) &&
		    (kind != INJECTED_PADS || pads_serve(mapping, near)))
			return mapping;
	}
	return NULL;
}

struct error *slot_arena_alloc(struct injected *injected, struct tracee *tracee,
			       enum injected_kind kind, struct code_block *block, uint16_t bytes)
{
	struct injected_mapping *mapping = find_room(injected, kind, block->address, bytes);
	struct error *err = NULL;

	if (mapping == NULL) {
		err = add_chunk(injected, tracee, kind, block->address, &mapping);
		if (err == NULL && !is_within_reach(mapping->start, block->address))
			err = error_new(ERR_FORMAT, "there is no free memory near the function");
	}
	if (err == NULL)
		err = array_reserve(&mapping->blocks, &mapping->block_capacity,
				    mapping->block_count + 1, sizeof(*mapping->blocks));
	if (err == NULL && kind == INJECTED_PADS && mapping->is_mapped)
		err = fill_with_traps(injected, mapping, mapping->used_bytes, bytes);
	if (err != NULL)
		return err;
	mapping->blocks[mapping->block_count++] =
		(struct injected_block){ mapping->used_bytes, block };
	block->start = taddr_add(mapping->start, mapping->used_bytes);
	block->bytes = bytes;
	block->is_written = false;
	mapping->used_bytes += (bytes + BLOCK_ALIGNMENT_BYTES - 1u) / BLOCK_ALIGNMENT_BYTES *
			       BLOCK_ALIGNMENT_BYTES;
	return NULL;
}

struct error *slot_arena_add_trampolines(struct injected *injected, struct tracee *tracee,
					 taddr_t start, uint64_t bytes,
					 struct injected_mapping **ret)
{
	struct error *err = injected_add(injected, INJECTED_TRAMPOLINES, start, bytes, ret);
	if (err != NULL)
		return err;
	(*ret)->used_bytes = bytes;
	err = injected_map_there(injected, *ret, tracee);
	if (err != NULL)
		injected_drop(injected, *ret);
	return err != NULL ? err
			   : fill_with_traps(injected, *ret, INJECTED_HEAD_BYTES,
					     bytes - INJECTED_HEAD_BYTES);
}

taddr_t slot_arena_free_place(const struct injected_mapping *mapping, taddr_t first, taddr_t last,
			      uint16_t bytes)
{
	const uint64_t from = mapping->start.value + INJECTED_HEAD_BYTES;
	uint64_t at = first.value > from ? first.value : from;

	/* Those that were given back, too: a thread may be in them. */
	for (size_t i = 0; i < mapping->block_count; i++) {
		uint64_t start = mapping->start.value + mapping->blocks[i].offset_bytes;
		if (start + TRAMPOLINE_ROOM_BYTES > at && start < at + bytes)
			at = start + TRAMPOLINE_ROOM_BYTES;
	}
	return at <= last.value && at + bytes <= mapping->start.value + mapping->bytes ? taddr(at)
										       : taddr(0);
}

struct error *slot_arena_place(struct injected_mapping *mapping, taddr_t start,
			       struct code_block *block, uint16_t bytes)
{
	const uint64_t offset = start.value - mapping->start.value;
	size_t at = mapping->block_count;

	struct error *err = array_reserve(&mapping->blocks, &mapping->block_capacity,
					  mapping->block_count + 1, sizeof(*mapping->blocks));
	if (err != NULL)
		return err;
	for (; at > 0 && mapping->blocks[at - 1].offset_bytes > offset; at--)
		mapping->blocks[at] = mapping->blocks[at - 1];
	mapping->blocks[at] = (struct injected_block){ offset, block };
	mapping->block_count++;
	block->start = start;
	block->bytes = bytes;
	block->is_written = false;
	return NULL;
}

/* The last one that begins at @address or before; NULL: none does. */
static struct injected_block *last_block(const struct injected *injected, taddr_t address)
{
	struct injected_mapping *mapping = injected_at(injected, address);
	size_t low = 0, high = mapping == NULL ? 0 : mapping->block_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (mapping->blocks[middle].offset_bytes <= address.value - mapping->start.value)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &mapping->blocks[low - 1];
}

void slot_arena_free(struct injected *injected, struct code_block *block)
{
	struct injected_mapping *mapping = injected_at(injected, block->start);
	struct injected_block *given = last_block(injected, block->start);

	if (given == NULL || given->block != block)
		return;
	given->block = NULL;
	if (!block->is_written && mapping->kind != INJECTED_TRAMPOLINES &&
	    given == &mapping->blocks[mapping->block_count - 1]) {
		mapping->used_bytes = given->offset_bytes;
		mapping->block_count--;
	}
	block->start = taddr(0);
	block->is_written = false;
}

void slot_arena_tie(struct injected *injected, struct code_block *block)
{
	struct injected_block *given = last_block(injected, block->start);

	if (block->start.value == 0) /* it has no room */
		return;
	assert(given != NULL && given->block == NULL);
	given->block = block;
}

bool slot_arena_is_mapped(const struct injected *injected, const struct code_block *block)
{
	const struct injected_mapping *mapping = injected_at(injected, block->start);
	return mapping != NULL && mapping->is_mapped;
}

struct code_block *slot_arena_find(const struct injected *injected, taddr_t pc)
{
	const struct injected_block *given = last_block(injected, pc);

	/* Wild jumps lead anywhere, also behind the last block. */
	if (given == NULL || given->block == NULL ||
	    pc.value - given->block->start.value >= given->block->bytes)
		return NULL;
	return slot_arena_is_mapped(injected, given->block) ? given->block : NULL;
}

struct error *slot_arena_map_rest(struct injected *injected, struct tracee *tracee)
{
	struct error *err = injection_find_syscall(&injected->injection, tracee->tid);

	for (size_t i = 0; err == NULL && i < injected->count; i++) {
		struct injected_mapping *mapping = &injected->mappings[i];
		const struct code_block *first = NULL;
		for (size_t k = 0; k < mapping->block_count && first == NULL; k++)
			first = mapping->blocks[k].block;
		if (!mapping->is_mapped && first != NULL && mapping->kind != INJECTED_TRAMPOLINES)
			err = injected_map(injected, mapping, tracee, first->address);
	}
	return err;
}

/*
 * A thread may still sleep in a block that was in use: those are not used again, and a mapping that is
 * mostly used is left alone.
 */
static bool is_worth_it(const struct injected_mapping *mapping)
{
	return mapping->used_bytes > INJECTED_HEAD_BYTES &&
	       mapping->used_bytes < mapping->bytes / 2;
}

struct error *slot_arena_adopt(struct injected *injected)
{
	struct error *err = NULL;

	for (size_t i = injected->count; err == NULL && i-- > 0;) {
		struct injected_mapping *mapping = &injected->mappings[i];
		if (!holds_blocks(mapping->kind))
			continue;
		if (mapping->kind == INJECTED_SLOTS && is_worth_it(mapping))
			err = injected_claim(injected, mapping);
		else
			mapping->is_left = true;
	}
	return err;
}
