/*
 * Unit tests of patches of more than one byte and of the list of injected mappings, in memory of our
 * own: nothing is traced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/probe/patch/footprint.h"
#include "tracer/probe/patch/patch.h"
#include "tracer/probe/patch/slot_arena.h"
#include "tracer/probe/fallback/trap_fallback.h"

enum { AREA_BYTES = 2 << 20, LENGTH = 5 };
static const uint8_t jump[LENGTH] = { 0xe9, 1, 2, 3, 4 };
static const uint8_t own_code[ARCH_INSN_BYTES_MAX] = { 0x48, 0xc7, 0xc0, 0x07, 0, 0, 0, 0xc3 };

struct memory {
	struct address_space *space;
	struct injected injected;
	uint8_t *area; /* where mappings of ours go */
	uint8_t *code; /* two pages of a program */
};

static uint8_t *map(size_t bytes)
{
	uint8_t *start =
		mmap(NULL, bytes, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(start, MAP_FAILED);
	return start;
}

static taddr_t place(const uint8_t *at)
{
	return taddr((uintptr_t)at);
}

static void memory_init(struct memory *m)
{
	*m = (struct memory){ .area = map(AREA_BYTES), .code = map(2 * ARCH_PAGE_BYTES) };
	assert_null(address_space_open(getpid(), &m->space));
	m->injected.injection.space = m->space;
}

static void memory_deinit(struct memory *m)
{
	injected_deinit(&m->injected);
	address_space_close(m->space);
	assert_int_equal(munmap(m->area, AREA_BYTES), 0);
	assert_int_equal(munmap(m->code, 2 * ARCH_PAGE_BYTES), 0);
}

/* As if an injected mmap had put it there. */
static struct injected_mapping *add_mapping(struct memory *m, enum injected_kind kind,
					    size_t offset, size_t bytes)
{
	struct injected_mapping *mapping;
	assert_null(injected_add(&m->injected, kind, place(m->area + offset), bytes, &mapping));
	mapping->is_mapped = true;
	assert_null(injected_claim(&m->injected, mapping));
	return mapping;
}

/* A patch of LENGTH bytes over the border of the two pages, @before bytes in the first. */
static struct patch make_patch(const struct memory *m, size_t before)
{
	struct patch patch;
	uint8_t *at = m->code + ARCH_PAGE_BYTES - before;

	assert_null(address_space_write(m->space, place(at), own_code, sizeof(own_code)));
	patch_init(&patch, PATCH_TRAP, place(at));
	patch.length = LENGTH;
	memcpy(patch.bytes, jump, LENGTH);
	memcpy(patch.code, own_code, sizeof(own_code));
	patch.code_bytes = sizeof(own_code);
	return patch;
}

static void test_trap_is_a_patch(void **state)
{
	(void)state;
	struct patch patch;
	patch_init(&patch, PATCH_TRAP, taddr(0x1000));
	assert_int_equal(patch.length, arch_trap_insn_bytes);
	assert_memory_equal(patch.bytes, arch_trap_insn, arch_trap_insn_bytes);
	assert_true(patch_may_begin_with(arch_trap_insn[0]));
	assert_false(patch_may_begin_with(0x90));
}

static void test_written_and_removed_over_two_pages(void **state)
{
	(void)state;
	struct memory m;
	memory_init(&m);
	for (size_t before = 0; before <= LENGTH; before++) {
		struct patch patch = make_patch(&m, before);
		const uint8_t *at = m.code + ARCH_PAGE_BYTES - before;
		assert_int_equal(patch_look(&patch, m.space), PATCH_CODE_IS_THERE);
		assert_null(patch_write(&patch, m.space));
		assert_int_equal(patch.state, PATCH_WRITTEN);
		assert_memory_equal(at, jump, LENGTH);
		assert_memory_equal(at + LENGTH, own_code + LENGTH, sizeof(own_code) - LENGTH);
		assert_int_equal(patch_look(&patch, m.space), PATCH_IS_THERE);
		assert_null(patch_remove(&patch, m.space));
		assert_memory_equal(at, own_code, sizeof(own_code));
	}
	memory_deinit(&m);
}

static void test_what_the_program_has_written_stays(void **state)
{
	(void)state;
	static const uint8_t newer = 0x90;
	struct memory m;
	memory_init(&m);
	struct patch patch = make_patch(&m, 2);
	assert_null(patch_write(&patch, m.space));
	assert_null(address_space_write(m.space, taddr_add(patch.address, 4), &newer, 1));
	assert_int_equal(patch_look(&patch, m.space), PATCH_OTHER_IS_THERE);
	assert_null(patch_remove(&patch, m.space));
	assert_memory_equal(m.code + ARCH_PAGE_BYTES - 2, jump, 4);
	memory_deinit(&m);
}

static void test_hidden_in_code_that_is_read(void **state)
{
	(void)state;
	enum { AROUND = 4, ALL = AROUND + LENGTH + AROUND };
	const struct patch patch = { .address = taddr(0x1000),
				     .length = LENGTH,
				     .bytes = { 0xe9, 1, 2, 3, 4 },
				     .code = { 1, 3, 5, 7, 9 } };
	uint8_t memory[ALL], expected[ALL], read[ALL];
	memset(memory, 0xaa, sizeof(memory));
	memcpy(memory + AROUND, patch.bytes, LENGTH);
	memcpy(expected, memory, sizeof(expected));
	memcpy(expected + AROUND, patch.code, LENGTH);
	/* Any part of it, also one that ends or begins within the patch. */
	for (size_t from = 0; from < ALL; from++) {
		for (size_t bytes = 0; from + bytes <= ALL; bytes++) {
			memcpy(read, memory + from, bytes);
			patch_hide(&patch, taddr(0x1000 - AROUND + from), read, bytes);
			assert_memory_equal(read, expected + from, bytes);
		}
	}
	memory[AROUND + 2] = 0x90; /* the program's own by now */
	memcpy(read, memory, sizeof(read));
	patch_hide(&patch, taddr(0x1000 - AROUND), read, sizeof(read));
	assert_memory_equal(read, memory, sizeof(read));
}

/* A program that copies code copies a trap, a jump, or what is between them. */
static void test_own_code_comes_back_in_a_copy(void **state)
{
	(void)state;
	struct pad pad = { .kind = ARCH_PAD_RETURN, .window_bytes = LENGTH };
	uint8_t there[ARCH_JUMP_BYTES_MAX], other[LENGTH];
	struct memory m;
	memory_init(&m);
	struct patch patch = make_patch(&m, 0);
	const taddr_t at = place(m.code + 100);
	assert_false(patch_jump(&patch, there));
	memcpy(pad.window, own_code, LENGTH);
	pad.block.address = patch.address;
	pad.block.start = place(m.area);
	patch.pad = &pad;
	assert_true(patch_jump(&patch, there));

	patch_hide_jump(&patch, there, LENGTH - 1);
	assert_int_equal(there[0], 0xe9);
	assert_null(address_space_write(m.space, at, there, LENGTH));
	patch_hide_jump(&patch, there, LENGTH);
	assert_memory_equal(there, own_code, LENGTH);
	assert_null(patch_mend(&patch, m.space, at));
	assert_memory_equal(m.code + 100, own_code, LENGTH);

	assert_true(patch_jump(&patch, there));
	there[0] = arch_trap_insn[0];
	assert_null(address_space_write(m.space, at, there, LENGTH));
	patch_hide_jump(&patch, there, LENGTH);
	assert_int_equal(there[0], arch_trap_insn[0]);
	assert_memory_equal(there + 1, own_code + 1, LENGTH - 1);
	assert_null(patch_mend(&patch, m.space, at));
	assert_memory_equal(m.code + 100, own_code, LENGTH);

	/* In the memory of a child, at its own place; reset in the books. */
	for (int is_half = 0; is_half < 2; is_half++) {
		assert_true(patch_jump(&patch, there));
		if (is_half)
			there[0] = arch_trap_insn[0];
		assert_null(address_space_write(m.space, patch.address, there, LENGTH));
		assert_null(patch_remove_jump(&patch, m.space));
		assert_memory_equal(m.code + ARCH_PAGE_BYTES, own_code, LENGTH);
		assert_null(patch_remove_jump(&patch, m.space)); /* it is gone */
		assert_memory_equal(m.code + ARCH_PAGE_BYTES, own_code, LENGTH);
	}

	/* Of a trap alone, the rest is not known to be ours. */
	memset(other, 0x90, sizeof(other));
	other[0] = arch_trap_insn[0];
	assert_null(address_space_write(m.space, at, other, LENGTH));
	assert_null(patch_mend(&patch, m.space, at));
	assert_int_equal(m.code[100], own_code[0]);
	assert_int_equal(m.code[101], 0x90);
	memory_deinit(&m);
}

static void test_jump_is_not_written_over_other_code(void **state)
{
	(void)state;
	enum { WINDOW = 7 };
	static const uint8_t newer = 0x90;
	struct pad pad = { .kind = ARCH_PAD_RETURN, .window_bytes = WINDOW };
	uint8_t expected[LENGTH];
	struct memory m;
	memory_init(&m);
	struct patch patch = make_patch(&m, 2);
	memcpy(pad.window, own_code, WINDOW);
	pad.block.address = patch.address;
	pad.block.start = place(m.area);
	patch.pad = &pad;
	patch_reset(&patch);
	assert_null(patch_write(&patch, m.space));
	assert_true(patch_is_alone(&patch, m.space));
	const taddr_t last = taddr_add(patch.address, WINDOW - 1);
	assert_null(address_space_write(m.space, last, &newer, 1));
	assert_false(patch_is_alone(&patch, m.space));

	/* Nor is a trap, when the jump has been replaced. */
	assert_null(patch_promote(&patch, m.space));
	assert_int_equal(patch.kind, PATCH_JUMP);
	assert_null(address_space_write(m.space, patch.address, &newer, 1));
	memcpy(expected, m.code + ARCH_PAGE_BYTES - 2, LENGTH);
	assert_null(patch_demote(&patch, m.space));
	assert_int_equal(patch.kind, PATCH_TRAP);
	assert_memory_equal(m.code + ARCH_PAGE_BYTES - 2, expected, LENGTH);
	memory_deinit(&m);
}

static void test_thread_leaves_the_block(void **state)
{
	(void)state;
	const struct patch patch = { .block = { .start = taddr(0x2000) },
				     .point_count = 2,
				     .points = { { 0, 0, { 0x1000 } }, { 6, 8, { 0x1001 } } } };
	const struct arch_slot_point *point;
	struct user_regs_struct regs = { 0 };
	assert_false(patch_contains(&patch, taddr(0x2005), &point));
	assert_true(patch_contains(&patch, taddr(0x2006), &point));
	arch_set_sp(&regs, taddr(0x7000));
	patch_leave(point, &regs);
	assert_int_equal(arch_pc(&regs).value, 0x1001);
	assert_int_equal(arch_sp(&regs).value, 0x7008);
}

static void test_blocks_have_any_size(void **state)
{
	(void)state;
	static const uint16_t sizes[] = { 48, 1, 200, 16, 4000 };
	enum { COUNT = 5 };
	struct code_block blocks[COUNT] = { 0 }, copy;
	struct tracee tracee = { .tid = getpid() };
	struct injected clone = { 0 };
	struct memory m;
	memory_init(&m);
	const struct injected_mapping *mapping =
		add_mapping(&m, INJECTED_SLOTS, 0, SLOT_CHUNK_BYTES);
	for (size_t i = 0; i < COUNT; i++) {
		blocks[i].address = place(m.code);
		assert_null(slot_arena_alloc(&m.injected, &tracee, INJECTED_SLOTS, &blocks[i],
					     sizes[i]));
		assert_true(i == 0 ||
			    blocks[i].start.value >= blocks[i - 1].start.value + sizes[i - 1]);
	}
	for (size_t i = 0; i < COUNT; i++) {
		assert_ptr_equal(slot_arena_find(&m.injected, blocks[i].start), &blocks[i]);
		taddr_t last = taddr_add(blocks[i].start, sizes[i] - 1u);
		assert_ptr_equal(slot_arena_find(&m.injected, last), &blocks[i]);
	}
	assert_null(slot_arena_find(&m.injected, place(m.area)));
	assert_null(slot_arena_find(&m.injected, taddr_add(blocks[4].start, 4000)));

	assert_null(injected_clone(&clone, &m.injected));
	assert_null(slot_arena_find(&clone, blocks[2].start));
	copy = blocks[2];
	slot_arena_tie(&clone, &copy);
	assert_ptr_equal(slot_arena_find(&clone, blocks[2].start), &copy);
	injected_deinit(&clone);

	/* Room where something was written is not used again. */
	uint64_t used = mapping->used_bytes;
	taddr_t start = blocks[4].start;
	blocks[3].is_written = true;
	slot_arena_free(&m.injected, &blocks[4]);
	assert_true(mapping->used_bytes < used);
	used = mapping->used_bytes;
	slot_arena_free(&m.injected, &blocks[3]);
	assert_int_equal(mapping->used_bytes, used);
	assert_null(slot_arena_find(&m.injected, start));

	/* Pads are alone in their pages, and not beside their code. */
	struct code_block pad = { .address = place(m.code) };
	assert_null(slot_arena_alloc(&m.injected, &tracee, INJECTED_PADS, &pad, 600));
	assert_true(pad.address.value - pad.start.value >
		    INJECTED_PADS_FAR_BYTES - ARCH_PAGE_BYTES);
	memory_deinit(&m);
}

static void adopt(const struct memory *m, struct injected *ret)
{
	struct proc_maps maps;
	*ret = (struct injected){ .injection.space = m->space };
	assert_null(proc_maps_read(&maps, getpid()));
	assert_null(injected_adopt(ret, &maps));
	proc_maps_deinit(&maps);
}

static void test_what_was_left_behind_is_found(void **state)
{
	(void)state;
	struct injected later;
	struct memory m;
	memory_init(&m);
	struct injected_mapping *mapping = add_mapping(&m, INJECTED_SLOTS, 0, SLOT_CHUNK_BYTES);
	mapping->used_bytes = 100;
	assert_int_equal(injected_pages(&m.injected), 1);
	assert_int_equal(injected_bytes(&m.injected), SLOT_CHUNK_BYTES);
	assert_int_equal(*(m.area + (injected_return_trap(&m.injected).value - (uintptr_t)m.area)),
			 arch_trap_insn[0]);

	adopt(&m, &later); /* of one that is in use, or was killed */
	assert_int_equal(later.count, 1);
	assert_int_equal(later.mappings[0].used_bytes, 0);
	assert_null(slot_arena_adopt(&later));
	assert_int_equal(later.count, 1);
	assert_true(later.mappings[0].is_left && later.mappings[0].was_in_use);
	assert_true(injected_has_used(&later));
	injected_deinit(&later);

	injected_leave(&m.injected);
	adopt(&m, &later);
	assert_int_equal(later.count, 1);
	assert_int_equal(later.mappings[0].start.value, (uintptr_t)m.area);
	assert_int_equal(later.mappings[0].bytes, SLOT_CHUNK_BYTES);
	assert_int_equal(later.mappings[0].used_bytes, 100);
	assert_null(slot_arena_adopt(&later));
	assert_false(later.mappings[0].is_left || injected_has_used(&later));
	assert_int_equal(later.injection.syscall_insn.value, (uintptr_t)m.area);
	injected_deinit(&later);

	/* In the memory of a clone it may not be. */
	static const char nothing[INJECTED_HEAD_BYTES];
	assert_null(address_space_write(m.space, place(m.area), nothing, sizeof(nothing)));
	injected_verify(&m.injected);
	assert_false(injected_has_any(&m.injected));
	assert_int_equal(injected_pages(&m.injected), 0);
	memory_deinit(&m);
}

static void test_fallback_heals_patches_of_any_length(void **state)
{
	(void)state;
	struct trap_fallback fallback = { .is_installed = true }, later_fallback = { 0 };
	struct injected later;
	struct memory m;
	size_t healed;
	memory_init(&m);
	add_mapping(&m, INJECTED_SLOTS, 0, SLOT_CHUNK_BYTES);
	add_mapping(&m, INJECTED_TRAP_FALLBACK, SLOT_CHUNK_BYTES, AREA_BYTES - SLOT_CHUNK_BYTES);
	struct patch patch = make_patch(&m, 3);
	patch.block.start = place(m.area + 96);
	patch.block.bytes = 200;
	/* The code was another when the patch was first noted. */
	patch.code[1] = 0;
	assert_null(trap_fallback_note(&fallback, &m.injected, &patch));
	patch.code[1] = own_code[1];
	assert_null(trap_fallback_note(&fallback, &m.injected, &patch));
	assert_null(patch_write(&patch, m.space));

	adopt(&m, &later);
	assert_int_equal(later.count, 2);
	assert_null(trap_fallback_adopt(&later_fallback, &later, getpid(), &healed));
	assert_int_equal(healed, 1);
	assert_memory_equal(m.code + ARCH_PAGE_BYTES - 3, own_code, sizeof(own_code));
	assert_int_equal(injected_find(&later, INJECTED_SLOTS)->used_bytes, 96 + 200);
	assert_false(later_fallback.is_installed); /* we have no handler for SIGTRAP */
	injected_deinit(&later);
	memory_deinit(&m);
}

static void test_footprint_of_two_pages(void **state)
{
	(void)state;
	struct footprint footprint;
	struct memory m;
	memory_init(&m);
	footprint_init(&footprint);
	footprint.tid = getpid();
	const uint64_t start = (uintptr_t)m.code, end = start + 2 * ARCH_PAGE_BYTES;
	const taddr_t border = taddr(start + ARCH_PAGE_BYTES - 1);
	assert_true(footprint_is_absent(&footprint, border.value));
	assert_null(footprint_patch(&footprint, border, 1, start, end));
	assert_int_equal(footprint.private_pages, 1);
	assert_null(footprint_patch(&footprint, border, 2, start, end));
	assert_int_equal(footprint.private_pages, 2);
	assert_int_equal(footprint.unused_pages, 2);
	footprint_use(&footprint, m.space, border, 2);
	assert_int_equal(footprint.unused_pages, 0);
	footprint_forget(&footprint, start, start + ARCH_PAGE_BYTES);
	assert_int_equal(footprint.private_pages, 1);
	footprint_deinit(&footprint);
	memory_deinit(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trap_is_a_patch),
		cmocka_unit_test(test_written_and_removed_over_two_pages),
		cmocka_unit_test(test_what_the_program_has_written_stays),
		cmocka_unit_test(test_hidden_in_code_that_is_read),
		cmocka_unit_test(test_own_code_comes_back_in_a_copy),
		cmocka_unit_test(test_jump_is_not_written_over_other_code),
		cmocka_unit_test(test_thread_leaves_the_block),
		cmocka_unit_test(test_blocks_have_any_size),
		cmocka_unit_test(test_what_was_left_behind_is_found),
		cmocka_unit_test(test_fallback_heals_patches_of_any_length),
		cmocka_unit_test(test_footprint_of_two_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
