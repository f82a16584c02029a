/* What is written over a program's code; see patch.h. Probe layer. */
#include "tracer/probe/patch/patch.h"

#include <string.h>

#include "tracer/probe/patch/slot_arena.h"

_Static_assert(ARCH_CALL_MARK_BYTES_MAX + PATCH_BYTES_MAX <= sizeof(((struct patch *)0)->code),
	       "the program's own code of a jump behind a mark is kept");

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
	struct error *err = NULL;

	if (length > arch_trap_insn_bytes)
		err = address_space_write(space, at, arch_trap_insn, arch_trap_insn_bytes);
	if (err == NULL)
		err = length > arch_trap_insn_bytes ? write_behind_trap(space, at, code, length)
						    : address_space_write(space, at, code, length);
	return error_ignore(err, ERR_UNMAPPED);
}

bool patch_jump(const struct patch *patch, uint8_t ret[ARCH_JUMP_BYTES_MAX])
{
	const struct pad *pad = patch->pad;

	return pad != NULL && arch_jump_build_prefixed(pad_jump_place(pad), pad->prefix_bytes,
						       pad->prefix, pad_way_in(pad), ret);
}

bool patch_is_alone(const struct patch *patch, const struct address_space *space)
{
	const struct pad *pad = patch->pad;
	const size_t bytes = pad_extent_bytes(pad), first = arch_trap_insn_bytes;
	uint8_t found[PAD_EXTENT_BYTES_MAX], expected[PAD_EXTENT_BYTES_MAX];

	memcpy(expected, patch->code, pad->offset_bytes);
	memcpy(expected + pad->offset_bytes, pad->window, bytes - pad->offset_bytes);
	memcpy(expected, arch_trap_insn, first);
	return patch->kind == PATCH_TRAP &&
	       address_space_read_some(space, patch->address, found, bytes) == bytes &&
	       memcmp(found, expected, bytes) == 0;
}

/* What is written from now on is the jump. */
static void become_jump(struct patch *patch, const uint8_t *jump)
{
	patch->length = pad_jump_bytes(patch->pad);
	patch->offset_bytes = patch->pad->offset_bytes;
	patch->kind = patch->length < ARCH_JUMP_BYTES ? PATCH_PUNNED : PATCH_JUMP;
	memcpy(patch->bytes, jump, patch->length);
}

struct error *patch_promote(struct patch *patch, const struct address_space *space)
{
	uint8_t jump[ARCH_JUMP_BYTES_MAX], bytes[ARCH_CALL_MARK_BYTES_MAX + ARCH_JUMP_BYTES];

	if (!patch_jump(patch, jump))
		return error_new(ERR_FORMAT, "its pad is out of reach");
	const size_t offset = patch->pad->offset_bytes, length = pad_jump_bytes(patch->pad);
	memcpy(bytes, patch->code, offset);
	memcpy(bytes + offset, jump, length);
	struct error *err = write_behind_trap(space, patch->address, bytes, offset + length);
	if (err == NULL)
		become_jump(patch, jump);
	return err;
}

void patch_reset(struct patch *patch)
{
	patch->kind = PATCH_TRAP;
	patch->offset_bytes = 0;
	patch->length = (uint8_t)arch_trap_insn_bytes;
	memcpy(patch->bytes, arch_trap_insn, arch_trap_insn_bytes);
}

struct error *patch_settle(struct patch *patch, const struct address_space *space)
{
	const size_t trap_bytes = arch_trap_insn_bytes;
	uint8_t found[ARCH_CALL_MARK_BYTES_MAX + ARCH_JUMP_BYTES], jump[ARCH_JUMP_BYTES_MAX];

	if (patch->state != PATCH_WRITTEN || !patch_jump(patch, jump))
		return NULL;
	const size_t offset = patch->pad->offset_bytes;
	const size_t length = offset + pad_jump_bytes(patch->pad);
	if (address_space_read_some(space, patch->address, found, length) != length)
		return NULL;
	if (memcmp(found, patch->code, offset) == 0 &&
	    memcmp(found + offset, jump, length - offset) == 0) {
		become_jump(patch, jump);
		return NULL;
	}
	patch_reset(patch);
	if (memcmp(found, arch_trap_insn, trap_bytes) != 0 || length == trap_bytes)
		return NULL;
	struct error *err = address_space_write(space, taddr_add(patch->address, trap_bytes),
						patch->code + trap_bytes, length - trap_bytes);
	return error_ignore(err, ERR_UNMAPPED);
}

/* A jump behind a call mark: the trap comes first, and there may be threads between them. */
static struct error *demote_behind(const struct patch *patch, const struct address_space *space)
{
	struct error *err =
		address_space_write(space, patch->address, arch_trap_insn, arch_trap_insn_bytes);
	err = error_ignore(err, ERR_UNMAPPED);
	return err != NULL ? err : patch_remove(patch, space);
}

static struct error *demote_in_place(const struct patch *patch, const struct address_space *space)
{
	uint8_t bytes[ARCH_JUMP_BYTES];

	memcpy(bytes, patch->code, patch->length);
	memcpy(bytes, arch_trap_insn, arch_trap_insn_bytes);
	return patch_give_back(space, patch->address, bytes, patch->length);
}

struct error *patch_demote(struct patch *patch, const struct address_space *space)
{
	struct error *err = NULL;

	if (!patch_is_jump(patch))
		return NULL;
	/* Else the program has code of its own there. */
	if (patch_look(patch, space) == PATCH_IS_THERE)
		err = patch->offset_bytes > 0 ? demote_behind(patch, space)
					      : demote_in_place(patch, space);
	if (err == NULL)
		patch_reset(patch);
	return err;
}

struct error *patch_write(struct patch *patch, const struct address_space *space)
{
	patch->state = PATCH_WRITTEN;
	return address_space_write(space, patch->address, patch->bytes, patch->length);
}

/* Where it is written, and the program's own bytes of that. */
static taddr_t patch_place(const struct patch *patch)
{
	return taddr_add(patch->address, patch->offset_bytes);
}

static const uint8_t *patch_own(const struct patch *patch)
{
	return patch->code + patch->offset_bytes;
}

enum patch_view patch_look(const struct patch *patch, const struct address_space *space)
{
	uint8_t found[PATCH_BYTES_MAX];
	size_t length = patch->length;

	if (address_space_read_some(space, patch_place(patch), found, length) != length)
		return PATCH_OTHER_IS_THERE;
	if (memcmp(found, patch->bytes, length) == 0)
		return PATCH_IS_THERE;
	return memcmp(found, patch_own(patch), length) == 0 ? PATCH_CODE_IS_THERE
							    : PATCH_OTHER_IS_THERE;
}

struct error *patch_remove(const struct patch *patch, const struct address_space *space)
{
	if (patch->is_in_copy || patch_look(patch, space) != PATCH_IS_THERE)
		return NULL;
	return patch_give_back(space, patch_place(patch), patch_own(patch), patch->length);
}

/*
 * Whether @code, of @bytes, from the address of @patch on, has its jump, or what that is while it is being written or
 * taken away. A jump that is there is all there; of a punned one, the program's own bytes, too.
 */
static bool has_jump(const struct patch *patch, const uint8_t *code, size_t bytes)
{
	const size_t first = arch_trap_insn_bytes;
	uint8_t jump[ARCH_JUMP_BYTES_MAX];

	if (!patch_jump(patch, jump) ||
	    bytes < (size_t)patch->pad->offset_bytes + pad_jump_length(patch->pad))
		return false;
	const uint8_t *own = patch->code + patch->pad->offset_bytes;
	code += patch->pad->offset_bytes;
	const size_t length = pad_jump_bytes(patch->pad);
	/* What the program has there may be a jump of ours, too, or not any more. */
	bool is_jump = memcmp(code, jump, length) == 0;
	for (size_t i = length; i < pad_jump_length(patch->pad); i++)
		is_jump = is_jump && (code[i] == jump[i] || code[i] == own[i]);
	if (is_jump)
		return true;
	return memcmp(code, arch_trap_insn, first) == 0 &&
	       memcmp(code + first, jump + first, length - first) == 0;
}

struct error *patch_mend(const struct patch *patch, const struct address_space *space, taddr_t at)
{
	const size_t first = arch_trap_insn_bytes;
	uint8_t found[ARCH_CALL_MARK_BYTES_MAX + ARCH_JUMP_BYTES_MAX];
	struct error *err = NULL;

	size_t bytes = address_space_read_some(space, at, found, sizeof(found));
	const bool is_jump = has_jump(patch, found, bytes);
	if (is_jump)
		err = patch_give_back(space, taddr_add(at, patch->pad->offset_bytes),
				      patch->code + patch->pad->offset_bytes,
				      pad_jump_bytes(patch->pad));
	if (err == NULL && (!is_jump || memcmp(found, arch_trap_insn, first) == 0))
		err = address_space_write(space, at, patch->code, first);
	return error_ignore(err, ERR_UNMAPPED);
}

struct error *patch_remove_jump(const struct patch *patch, const struct address_space *space)
{
	uint8_t found[ARCH_CALL_MARK_BYTES_MAX + ARCH_JUMP_BYTES_MAX];

	size_t bytes = address_space_read_some(space, patch->address, found, sizeof(found));
	return has_jump(patch, found, bytes) ? patch_mend(patch, space, patch->address) : NULL;
}

bool patch_may_begin_with(uint8_t byte)
{
	return byte == arch_trap_insn[0] || byte == ARCH_JUMP_FIRST_BYTE ||
	       memchr(arch_jump_prefixes, byte, sizeof(arch_jump_prefixes)) != NULL;
}

void patch_hide(const struct patch *patch, taddr_t from, uint8_t *code, size_t bytes)
{
	/* A part of it may lie outside. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < patch->length; i++) {
			uint64_t at = patch_place(patch).value + i - from.value;
			if (at >= bytes)
				continue;
			if (pass == 0 && code[at] != patch->bytes[i])
				return;
			if (pass == 1)
				code[at] = patch_own(patch)[i];
		}
	}
}

void patch_hide_jump(const struct patch *patch, uint8_t *code, size_t bytes)
{
	if (!has_jump(patch, code, bytes))
		return;
	const size_t offset = patch->pad->offset_bytes;
	const bool is_trap = memcmp(code + offset, arch_trap_insn, arch_trap_insn_bytes) == 0;
	/* A trap behind a call mark is no site's: it is there while a jump is taken away. */
	const size_t first = is_trap && offset == 0 ? arch_trap_insn_bytes : 0;
	memcpy(code + offset + first, patch->code + offset + first,
	       pad_jump_bytes(patch->pad) - first);
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
	if (point == NULL && patch->former_pad != NULL)
		point = pad_point(patch->former_pad, pc);
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
