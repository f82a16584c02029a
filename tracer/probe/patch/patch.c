/* What is written over a program's code; see patch.h. Probe layer. */
#include "tracer/probe/patch/patch.h"

#include <string.h>

#include "tracer/probe/patch/slot_arena.h"

void patch_init(struct patch *patch, enum patch_kind kind, taddr_t address)
{
	*patch = (struct patch){ .address = address, .kind = kind, .block.address = address };
	patch->length = (uint8_t)arch_trap_insn_bytes;
	memcpy(patch->bytes, arch_trap_insn, arch_trap_insn_bytes);
}

uint16_t patch_block_bytes(enum patch_kind kind)
{
	(void)kind;
	return ARCH_SLOT_BYTES;
}

struct error *patch_prepare(struct patch *patch, const struct injected *injected)
{
	struct code_block *block = &patch->block;
	struct arch_slot slot;

	struct error *err =
		arch_relocate(patch->code, patch->code_bytes, patch->address, block->start, &slot);
	bool is_mapped = slot_arena_is_mapped(injected, block);
	if (err == NULL && is_mapped)
		err = address_space_write(injected->injection.space, block->start, slot.code,
					  slot.code_bytes);
	if (err != NULL)
		return err;
	block->is_written = is_mapped;
	block->point_count = slot.point_count;
	memcpy(block->points, slot.points, sizeof(block->points));
	patch->displaced_bytes = slot.original_bytes;
	patch->is_syscall = slot.is_syscall;
	return NULL;
}

struct error *patch_write(struct patch *patch, const struct address_space *space)
{
	patch->state = PATCH_WRITTEN;
	return address_space_write(space, patch->address, patch->bytes, patch->length);
}

enum patch_view patch_look(const struct patch *patch, const struct address_space *space)
{
	uint8_t found[PATCH_BYTES_MAX];
	size_t length = patch->length;

	if (address_space_read_some(space, patch->address, found, length) != length)
		return PATCH_OTHER_IS_THERE;
	if (memcmp(found, patch->bytes, length) == 0)
		return PATCH_IS_THERE;
	return memcmp(found, patch->code, length) == 0 ? PATCH_CODE_IS_THERE : PATCH_OTHER_IS_THERE;
}

struct error *patch_remove(const struct patch *patch, const struct address_space *space)
{
	if (patch->is_in_copy || patch_look(patch, space) != PATCH_IS_THERE)
		return NULL;
	return address_space_write(space, patch->address, patch->code, patch->length);
}

bool patch_may_begin_with(uint8_t byte)
{
	return byte == arch_trap_insn[0];
}

void patch_hide(const struct patch *patch, taddr_t from, uint8_t *code, size_t bytes)
{
	/* A part of it may lie outside. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < patch->length; i++) {
			uint64_t at = patch->address.value + i - from.value;
			if (at >= bytes)
				continue;
			if (pass == 0 && code[at] != patch->bytes[i])
				return;
			if (pass == 1)
				code[at] = patch->code[i];
		}
	}
}

bool patch_contains(const struct patch *patch, taddr_t pc, const struct arch_slot_point **ret)
{
	const struct code_block *block = &patch->block;

	/* A thread stops at instruction boundaries only, and each is a point. */
	for (size_t i = 0; i < block->point_count; i++) {
		if (pc.value == block->start.value + block->points[i].offset_bytes) {
			*ret = &block->points[i];
			return true;
		}
	}
	return false;
}

void patch_leave(const struct arch_slot_point *point, struct user_regs_struct *regs)
{
	arch_set_pc(regs, point->pc);
	arch_set_sp(regs, taddr_add(arch_sp(regs), (uint64_t)point->sp_bytes));
}

bool patch_pc_is_ambiguous(const struct patch *patch)
{
	return patch->displaced_bytes == patch->length;
}
