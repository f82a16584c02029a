/* Pads in the program; see pad.h. Probe layer. */
#include "tracer/probe/patch/pad.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/probe/patch/slot_arena.h"

static struct error *pad_build(struct pad *pad, const struct pad_window *window, taddr_t data,
			       const struct injected *injected)
{
	struct arch_pad built;

	struct error *err = arch_pad_build(pad->kind, pad->number, window->code, pad->run_bytes,
					   pad_jump_place(pad), data, pad->block.start, &built);
	if (err != NULL)
		return err;
	arch_pad_set_cfa(&built, pad->kind, window->cfa_offset_bytes);
	err = address_space_write(injected->injection.space, pad->block.start, built.code,
				  built.code_bytes);
	if (err != NULL)
		return err;
	pad->block.is_written = true;
	pad->word = 0;
	pad->is_lax = false;
	pad->point_count = built.window.point_count;
	memcpy(pad->points, built.window.points, sizeof(pad->points));
	/* A thread in front of all that is displaced is at the site, whatever is written there by now. */
	for (size_t i = 0; i < pad->point_count; i++) {
		if (taddr_equal(pad->points[i].pc, pad_jump_place(pad)))
			pad->points[i].pc = pad->block.address;
	}
	return NULL;
}

struct error *pad_create(enum arch_pad_kind kind, uint32_t number, taddr_t address,
			 const struct pad_window *window, taddr_t data, struct injected *injected,
			 enum injected_kind room, struct tracee *tracee, struct pad **ret)
{
	struct pad *pad = calloc(1, sizeof(*pad));
	if (pad == NULL)
		return error_no_memory();
	pad->kind = kind;
	pad->number = number;
	assert(window->bytes <= sizeof(pad->window));
	pad->offset_bytes = window->offset_bytes;
	pad->window_bytes = window->bytes;
	pad->run_bytes = window->run_bytes;
	pad->prefix_bytes = window->prefix_bytes;
	pad->prefix = window->prefix;
	memcpy(pad->window, window->code, (size_t)pad_extent_bytes(pad) - pad->offset_bytes);
	pad->block.address = address;
	struct error *err =
		slot_arena_alloc(injected, tracee, room, &pad->block, ARCH_PAD_BYTES_MAX);
	if (err == NULL)
		err = pad_build(pad, window, data, injected);
	if (err != NULL) {
		pad_destroy(pad, injected);
		return err;
	}
	*ret = pad;
	return NULL;
}

void pad_destroy(struct pad *pad, struct injected *injected)
{
	if (pad == NULL)
		return;
	if (pad->block.start.value != 0)
		slot_arena_free(injected, &pad->block);
	if (pad->trampoline.start.value != 0)
		slot_arena_free(injected, &pad->trampoline);
	free(pad);
}

struct error *pad_clone(const struct pad *pad, struct injected *injected, struct pad **ret)
{
	*ret = NULL;
	if (pad == NULL)
		return NULL;
	*ret = malloc(sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	**ret = *pad;
	slot_arena_tie(injected, &(*ret)->block);
	slot_arena_tie(injected, &(*ret)->trampoline);
	return NULL;
}

taddr_t pad_jump_place(const struct pad *pad)
{
	return taddr_add(pad->block.address, pad->offset_bytes);
}

uint8_t pad_jump_length(const struct pad *pad)
{
	return (uint8_t)(pad->prefix_bytes + ARCH_JUMP_BYTES);
}

uint8_t pad_jump_bytes(const struct pad *pad)
{
	return pad->window_bytes < ARCH_JUMP_BYTES ? pad->window_bytes : ARCH_JUMP_BYTES;
}

taddr_t pad_way_in(const struct pad *pad)
{
	return pad->trampoline.start.value != 0 ? pad->trampoline.start : pad_entry(pad);
}

uint8_t pad_extent_bytes(const struct pad *pad)
{
	const uint8_t length = pad_jump_length(pad);
	const uint8_t bytes = pad->window_bytes > length ? pad->window_bytes : length;

	return (uint8_t)(pad->offset_bytes + bytes);
}

struct error *pad_set_lax(struct pad *pad, const struct address_space *space)
{
	const uint32_t word = 1;
	const taddr_t at = taddr_add(pad->block.start, ARCH_PAD_LAX_OFFSET);

	struct error *err = address_space_write(space, at, &word, sizeof(word));
	pad->is_lax = err == NULL;
	return err;
}

struct error *pad_set_word(struct pad *pad, const struct address_space *space, uint32_t word)
{
	const taddr_t at = taddr_add(pad->block.start, arch_pad_layout(pad->kind)->word_offset);

	struct error *err =
		word == pad->word ? NULL : address_space_write(space, at, &word, sizeof(word));
	if (err == NULL)
		pad->word = word;
	return err;
}

taddr_t pad_entry(const struct pad *pad)
{
	return taddr_add(pad->block.start, arch_pad_layout(pad->kind)->entry_offset);
}

taddr_t pad_displaced(const struct pad *pad)
{
	return taddr_add(pad->block.start, arch_pad_layout(pad->kind)->displaced_offset);
}

taddr_t pad_trap(const struct pad *pad)
{
	return taddr_add(pad->block.start, arch_pad_layout(pad->kind)->trap_offset);
}

const struct arch_slot_point *pad_point(const struct pad *pad, taddr_t pc)
{
	const uint64_t offset = pc.value - pad_displaced(pad).value;

	for (size_t i = 0; i < pad->point_count; i++) {
		if (pad->points[i].offset_bytes == offset)
			return &pad->points[i];
	}
	return NULL;
}

static bool is_code_there(taddr_t at, const struct address_space *space)
{
	uint8_t byte;

	return address_space_read_some(space, at, &byte, 1) == 1 && byte != arch_trap_insn[0] &&
	       byte != 0;
}

bool pad_is_there(const struct pad *pad, const struct address_space *space)
{
	return is_code_there(pad_displaced(pad), space) && is_code_there(pad_way_in(pad), space);
}

bool pad_does(const struct pad *pad, const uint8_t *code, uint8_t window_bytes)
{
	return pad->window_bytes == window_bytes && memcmp(pad->window, code, window_bytes) == 0;
}

bool pad_is_recording(const struct pad *pad, taddr_t pc, uint64_t *ret_offset)
{
	const struct arch_pad_layout *layout = arch_pad_layout(pad->kind);

	/* Nothing has happened on the trampoline: it is as if the thread were at the pad's entry. */
	if (pad->trampoline.start.value != 0 && taddr_equal(pc, pad->trampoline.start)) {
		*ret_offset = layout->entry_offset;
		return true;
	}
	*ret_offset = pc.value - pad->block.start.value;
	return *ret_offset < layout->displaced_offset;
}
