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
	patch->point_count = slot.point_count;
	memcpy(patch->points, slot.points, sizeof(patch->points));
	patch->displaced_bytes = slot.original_bytes;
	patch->is_syscall = slot.is_syscall;
	return NULL;
}

taddr_t patch_way_on(const struct patch *patch)
{
	return patch->pad != NULL ? pad_displaced(patch->pad) : patch->block.start;
}

/*
 * Writes @bytes over a trap, the first of them last: until then a thread that comes there executes the trap.
 * Writing through /proc/PID/mem serializes nothing on other CPUs; the trap in between is what is asked for
 * ("Handling Self- and Cross-Modifying Code" in Intel's manual, volume 3).
 */
static struct error *write_behind_trap(const struct address_space *space, taddr_t at,
				       const uint8_t *bytes, size_t length)
{
	const size_t trap_bytes = arch_trap_insn_bytes;

	struct error *err = address_space_write(space, taddr_add(at, trap_bytes),
						bytes + trap_bytes, length - trap_bytes);
	return err != NULL ? err : address_space_write(space, at, bytes, trap_bytes);
}

struct error *patch_give_back(const struct address_space *space, taddr_t at, const uint8_t *code,
			      size_t length)
{
	if (length <= arch_trap_insn_bytes)
		return address_space_write(space, at, code, length);
	struct error *err = address_space_write(space, at, arch_trap_insn, arch_trap_insn_bytes);
	return err != NULL ? err : write_behind_trap(space, at, code, length);
}

bool patch_jump(const struct patch *patch, uint8_t ret[ARCH_JUMP_BYTES])
{
	return patch->pad != NULL && arch_jump_build(patch->address, pad_entry(patch->pad), ret);
}

bool patch_is_alone(const struct patch *patch, const struct address_space *space)
{
	const size_t bytes = patch->pad->window_bytes, length = patch->length;
	uint8_t found[PAD_WINDOW_BYTES_MAX];

	return address_space_read_some(space, patch->address, found, bytes) == bytes &&
	       memcmp(found, patch->bytes, length) == 0 &&
	       memcmp(found + length, patch->pad->window + length, bytes - length) == 0;
}

struct error *patch_promote(struct patch *patch, const struct address_space *space)
{
	uint8_t jump[ARCH_JUMP_BYTES];

	if (!patch_jump(patch, jump))
		return error_new(ERR_FORMAT, "its pad is out of reach");
	struct error *err = write_behind_trap(space, patch->address, jump, sizeof(jump));
	if (err != NULL)
		return err;
	memcpy(patch->bytes, jump, sizeof(jump));
	patch->length = sizeof(jump);
	patch->kind = PATCH_JUMP;
	return NULL;
}

void patch_reset(struct patch *patch)
{
	patch->kind = PATCH_TRAP;
	patch->length = (uint8_t)arch_trap_insn_bytes;
	memcpy(patch->bytes, arch_trap_insn, arch_trap_insn_bytes);
}

struct error *patch_settle(struct patch *patch, const struct address_space *space)
{
	const size_t trap_bytes = arch_trap_insn_bytes;
	uint8_t found[ARCH_JUMP_BYTES], jump[ARCH_JUMP_BYTES];

	if (patch->state != PATCH_WRITTEN || !patch_jump(patch, jump) ||
	    address_space_read_some(space, patch->address, found, sizeof(found)) != sizeof(found))
		return NULL;
	if (memcmp(found, jump, sizeof(jump)) == 0) {
		memcpy(patch->bytes, jump, sizeof(jump));
		patch->length = sizeof(jump);
		patch->kind = PATCH_JUMP;
		return NULL;
	}
	patch_reset(patch);
	if (memcmp(found, arch_trap_insn, trap_bytes) != 0)
		return NULL;
	return address_space_write(space, taddr_add(patch->address, trap_bytes),
				   patch->code + trap_bytes, sizeof(found) - trap_bytes);
}

struct error *patch_demote(struct patch *patch, const struct address_space *space)
{
	uint8_t bytes[ARCH_JUMP_BYTES];

	if (patch->kind != PATCH_JUMP)
		return NULL;
	memcpy(bytes, patch->code, sizeof(bytes));
	memcpy(bytes, arch_trap_insn, arch_trap_insn_bytes);
	/* Else the program has code of its own there. */
	struct error *err = patch_look(patch, space) != PATCH_IS_THERE
				    ? NULL
				    : patch_give_back(space, patch->address, bytes, sizeof(bytes));
	if (err == NULL)
		patch_reset(patch);
	return err;
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
	return patch_give_back(space, patch->address, patch->code, patch->length);
}

/* Whether @code, of @bytes, is the jump of @patch, or what it is while it is being written or taken away. */
static bool is_jump_of(const struct patch *patch, const uint8_t *code, size_t bytes)
{
	const size_t first = arch_trap_insn_bytes;
	uint8_t jump[ARCH_JUMP_BYTES];

	return bytes >= sizeof(jump) && patch_jump(patch, jump) &&
	       (memcmp(code, jump, first) == 0 || memcmp(code, arch_trap_insn, first) == 0) &&
	       memcmp(code + first, jump + first, sizeof(jump) - first) == 0;
}

struct error *patch_remove_jump(const struct patch *patch, const struct address_space *space)
{
	uint8_t found[ARCH_JUMP_BYTES];

	size_t bytes = address_space_read_some(space, patch->address, found, sizeof(found));
	return is_jump_of(patch, found, bytes)
		       ? patch_give_back(space, patch->address, patch->code, sizeof(found))
		       : NULL;
}

struct error *patch_mend(const struct patch *patch, const struct address_space *space, taddr_t at)
{
	uint8_t found[ARCH_JUMP_BYTES];

	size_t bytes = address_space_read_some(space, at, found, sizeof(found));
	if (!is_jump_of(patch, found, bytes))
		return address_space_write(space, at, patch->code, arch_trap_insn_bytes);
	return patch_give_back(space, at, patch->code, sizeof(found));
}

bool patch_may_begin_with(uint8_t byte)
{
	return byte == arch_trap_insn[0] || byte == ARCH_JUMP_FIRST_BYTE;
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

void patch_hide_jump(const struct patch *patch, uint8_t *code, size_t bytes)
{
	if (!is_jump_of(patch, code, bytes))
		return;
	const size_t first =
		memcmp(code, arch_trap_insn, arch_trap_insn_bytes) == 0 ? arch_trap_insn_bytes : 0;
	memcpy(code + first, patch->code + first, ARCH_JUMP_BYTES - first);
}

bool patch_contains(const struct patch *patch, taddr_t pc, const struct arch_slot_point **ret)
{
	/* A thread stops at instruction boundaries only, and each is a point. */
	for (size_t i = 0; i < patch->point_count; i++) {
		if (pc.value == patch->block.start.value + patch->points[i].offset_bytes) {
			*ret = &patch->points[i];
			return true;
		}
	}
	const struct arch_slot_point *point = patch->pad == NULL ? NULL : pad_point(patch->pad, pc);
	if (point != NULL)
		*ret = point;
	return point != NULL;
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
