/*
 * Unit tests of punned jumps, and of jumps behind an endbr64: where they lead, and how they come and go, in memory of
 * our own.
 */
#include <string.h>

#include "tests/unit/tracer/punned_memory.h"
#include "tracer/probe/patch/kept_patch.h"
#include "tracer/probe/patch/slot_arena.h"

enum { MARK = 4 };

/* push %rbp; mov %rsp,%rbp; sub $0x10,%rsp; … */
static const uint8_t frame_code[CODE_BYTES] = {
	0x55, 0x48, 0x89, 0xe5, 0x48, 0x83, 0xec, 0x10, 0xc3
};
static const uint8_t marked_code[CODE_BYTES] = { 0xf3, 0x0f, 0x1e, 0xfa, 0x41, 0x57,
						 0x49, 0x89, 0xff, 0x41, 0x56, 0xc3 };

static void test_reach(void **state)
{
	(void)state;
	static const uint8_t back[ARCH_JUMP_BYTES_MAX] = { 0x90, 0x90, 0x90, 0x48, 0x8b };
	const taddr_t from = taddr(0x7f0000001000);
	taddr_t first, last;
	uint8_t jump[ARCH_JUMP_BYTES_MAX];

	/* One byte leaves nothing free, each further one eight bits. */
	assert_true(arch_pun_reach(from, frame_code, 1, 0, &first, &last));
	assert_int_equal(first.value, from.value + 5 + 0x48e58948);
	assert_int_equal(last.value, first.value);
	assert_true(arch_pun_reach(from, frame_code, 4, 0, &first, &last));
	assert_int_equal(first.value, from.value + 5 + 0x48000000);
	assert_int_equal(last.value - first.value, 0xffffff);
	assert_true(arch_pun_reach(from, back, 3, 0, &first, &last));
	assert_int_equal(first.value, from.value + 5 + 0xffffffff8b480000);
	assert_int_equal(last.value - first.value, 0xffff);

	/* Both ends of it, and nothing behind them. */
	assert_true(arch_jump_build(from, first, jump));
	assert_memory_equal(jump + 3, back + 3, 2);
	assert_true(arch_jump_build(from, last, jump));
	assert_memory_equal(jump + 3, back + 3, 2);
	assert_true(arch_jump_build(from, taddr_add(last, 1), jump));
	assert_true(memcmp(jump + 3, back + 3, 2) != 0);

	/* With prefixes, it is made of what lies behind. */
	assert_true(arch_pun_reach(from, frame_code, 3, 1, &first, &last));
	assert_int_equal(first.value, from.value + 6 + 0xffffffff8348e500);
	assert_int_equal(last.value - first.value, 0xff);
	assert_true(arch_jump_build_prefixed(from, 1, 0, taddr_add(first, 7), jump));
	assert_int_equal(jump[0], arch_jump_prefixes[0]);
	assert_int_equal(jump[1], ARCH_JUMP_FIRST_BYTE);
	assert_int_equal(jump[2], 7);
	assert_memory_equal(jump + 3, frame_code + 3, 3);

	/* Below all memory, and above. */
	assert_false(arch_pun_reach(taddr(0x401000), back, 3, 0, &first, &last));
	assert_false(arch_pun_reach(taddr(0x7fffffffd000), frame_code, 1, 0, &first, &last));
}

/* As the highest byte of the distance of a jump in front of it, a prefix leads that up, and one of them leads it down. */
static void test_prefixes(void **state)
{
	(void)state;
	const taddr_t from = taddr(0x560000001000);
	uint8_t code[ARCH_JUMP_BYTES_MAX] = { 0x41, 0x57, 0x31, 0xf6 };
	taddr_t first, last;
	unsigned down = 0;

	for (unsigned i = 0; i < ARCH_JUMP_PREFIXES; i++) {
		assert_int_not_equal(arch_jump_prefixes[i], ARCH_JUMP_FIRST_BYTE);
		code[4] = arch_jump_prefixes[i];
		assert_true(arch_pun_reach(from, code, 2, 0, &first, &last));
		down += last.value < from.value;
	}
	assert_int_equal(down, 1);
}

static void test_trampoline(void **state)
{
	(void)state;
	const taddr_t near = taddr(0x7f0000000000), far = taddr(0x7e0000000010);
	uint8_t code[ARCH_TRAMPOLINE_BYTES_MAX];
	uint64_t to;

	assert_int_equal(arch_trampoline_build(near, taddr(near.value - 0x1000), code),
			 ARCH_JUMP_BYTES);
	assert_int_equal(code[0], ARCH_JUMP_FIRST_BYTE);
	assert_int_equal(arch_trampoline_build(near, far, code), ARCH_TRAMPOLINE_BYTES_MAX);
	memcpy(&to, code + 6, sizeof(to));
	assert_int_equal(to, far.value);
}

static const uint8_t typed_code[CODE_BYTES] = { 0xeb, 0x06, 'v',  '2',	0x10, 0x20, 0x30,
						0x40, 0x55, 0x48, 0x89, 0xe5, 0x53, 0xc3 };

/* Of what is there, @bytes from @offset on are the jump to @m's pad, and all else is @own. */
static void assert_jump(const struct memory *m, const uint8_t *own, size_t offset, size_t bytes)
{
	uint8_t expected[CODE_BYTES], jump[ARCH_JUMP_BYTES_MAX];

	memcpy(expected, own, sizeof(expected));
	assert_true(patch_jump(&m->patch, jump));
	assert_memory_equal(jump + bytes, own + offset + bytes, pad_jump_length(&m->pad) - bytes);
	memcpy(expected + offset, jump, bytes);
	assert_memory_equal(m->code, expected, sizeof(expected));
}

/* Written, hidden, found again in a copy of the memory, taken away. */
static void check_life(const uint8_t *own, uint8_t offset, uint8_t bytes, uint8_t prefixes)
{
	const uint8_t written = bytes < ARCH_JUMP_BYTES ? bytes : ARCH_JUMP_BYTES;
	uint8_t copy[CODE_BYTES];
	struct memory m;

	memory_init(&m, own, offset, bytes, prefixes);
	assert_true(patch_is_alone(&m.patch, m.space));
	assert_null(patch_promote(&m.patch, m.space));
	assert_int_equal(m.patch.kind, bytes < ARCH_JUMP_BYTES ? PATCH_PUNNED : PATCH_JUMP);
	assert_jump(&m, own, offset, written);
	assert_int_equal(patch_look(&m.patch, m.space), PATCH_IS_THERE);

	memcpy(copy, m.code, sizeof(copy));
	patch_hide(&m.patch, m.patch.address, copy, sizeof(copy));
	assert_memory_equal(copy, own, sizeof(copy));
	memcpy(copy, m.code, sizeof(copy));
	patch_hide_jump(&m.patch, copy, sizeof(copy));
	assert_memory_equal(copy, own, sizeof(copy));

	patch_reset(&m.patch);
	assert_null(patch_settle(&m.patch, m.space));
	assert_true(patch_is_jump(&m.patch));
	assert_null(patch_demote(&m.patch, m.space));
	assert_trap(&m, own);
	assert_null(patch_promote(&m.patch, m.space));
	assert_null(patch_mend(&m.patch, m.space, m.patch.address));
	assert_memory_equal(m.code, own, CODE_BYTES);

	patch_reset(&m.patch);
	assert_null(patch_write(&m.patch, m.space));
	assert_null(patch_promote(&m.patch, m.space));
	assert_null(patch_remove(&m.patch, m.space));
	assert_memory_equal(m.code, own, CODE_BYTES);
	memory_deinit(&m);
}

static void test_life(void **state)
{
	(void)state;
	for (uint8_t bytes = 1; bytes < ARCH_JUMP_BYTES; bytes++) {
		for (uint8_t prefixes = 0; prefixes < bytes; prefixes++) {
			check_life(frame_code, 0, bytes, prefixes);
			check_life(marked_code, MARK, bytes, prefixes);
		}
	}
	check_life(frame_code, 0, ARCH_JUMP_BYTES, 0);
	check_life(marked_code, MARK, ARCH_JUMP_BYTES, 0);
	check_life(typed_code, ARCH_CALL_MARK_BYTES_MAX, ARCH_JUMP_BYTES, 0);
}

/* A child is forked while a jump is half written, or half taken away: it has a trap. */
static void test_half_written(void **state)
{
	(void)state;
	for (uint8_t bytes = 1; bytes <= ARCH_JUMP_BYTES; bytes++) {
		for (int marked = 0; marked < 2; marked++) {
			const uint8_t *own = marked ? marked_code : frame_code;
			const uint8_t offset = marked ? MARK : 0;
			struct memory m;
			uint8_t jump[ARCH_JUMP_BYTES_MAX];
			memory_init(&m, own, offset, bytes, bytes == 4 ? 2 : 0);
			assert_true(patch_jump(&m.patch, jump));
			const uint8_t first = offset == 0;
			assert_null(address_space_write(m.space,
							taddr_add(m.patch.address, offset + first),
							jump + first, (size_t)bytes - first));
			assert_null(patch_settle(&m.patch, m.space));
			assert_trap(&m, own);
			memory_deinit(&m);
		}
	}
}

/* Another has written over what the jump is made of. */
static void test_shared_bytes_must_be_there(void **state)
{
	(void)state;
	static const uint8_t newer = 0xcc;
	struct memory m;

	memory_init(&m, frame_code, 0, 1, 0);
	assert_int_equal(pad_extent_bytes(&m.pad), ARCH_JUMP_BYTES);
	assert_null(address_space_write(m.space, taddr_add(m.patch.address, 4), &newer, 1));
	assert_false(patch_is_alone(&m.patch, m.space));
	memory_deinit(&m);
}

/* We are killed before the jump is written, while it is, or behind that. */
static void test_healed(void **state)
{
	(void)state;
	for (uint8_t bytes = 1; bytes <= ARCH_JUMP_BYTES; bytes++) {
		for (int marked = 0; marked < 2; marked++) {
			for (int is_promoted = 0; is_promoted < 2; is_promoted++) {
				const uint8_t *own = marked ? marked_code : frame_code;
				struct kept_patch kept, kept_jump;
				struct memory m;
				size_t healed = 0;
				memory_init(&m, own, marked ? MARK : 0, bytes, bytes == 3);
				const taddr_t at = m.patch.address;
				assert_true(kept_patch_init(&kept, &m.patch));
				assert_true(kept_patch_init_jump(&kept_jump, &m.patch));
				if (is_promoted)
					assert_null(patch_promote(&m.patch, m.space));
				if (marked)
					assert_null(kept_patch_heal(&kept_jump, m.space,
								    taddr_add(at, MARK), &healed));
				assert_null(kept_patch_heal(&kept, m.space, at, &healed));
				assert_int_equal(healed, 1);
				assert_memory_equal(m.code, own, CODE_BYTES);
				memory_deinit(&m);
			}
		}
	}
}

static void test_places(void **state)
{
	(void)state;
	struct code_block blocks[3] = { { .address = taddr(0x1000) },
					{ .address = taddr(0x2000) } };
	struct injected injected = { 0 };
	struct injected_mapping *mapping;
	const taddr_t start = taddr(0x7f0000000000), last = taddr_add(start, ARCH_PAGE_BYTES - 1);
	const uint16_t bytes = ARCH_TRAMPOLINE_BYTES_MAX;

	assert_null(
		injected_add(&injected, INJECTED_TRAMPOLINES, start, ARCH_PAGE_BYTES, &mapping));
	mapping->is_mapped = true;
	mapping->used_bytes = mapping->bytes;
	/* Not in the head, nor over the end. */
	assert_int_equal(slot_arena_free_place(mapping, start, last, bytes).value,
			 start.value + INJECTED_HEAD_BYTES);
	assert_int_equal(slot_arena_free_place(mapping, taddr_add(last, -5), last, bytes).value, 0);
	/* In any order. */
	assert_null(slot_arena_place(mapping, taddr_add(start, 1000), &blocks[0], bytes));
	assert_null(slot_arena_place(mapping, taddr_add(start, 500), &blocks[1], bytes));
	assert_ptr_equal(slot_arena_find(&injected, taddr_add(start, 1000)), &blocks[0]);
	assert_ptr_equal(slot_arena_find(&injected, taddr_add(start, 500)), &blocks[1]);
	assert_null(slot_arena_find(&injected, taddr_add(start, 700)));
	/* Not over others. */
	const taddr_t near = taddr_add(start, 990);
	assert_int_equal(slot_arena_free_place(mapping, near, near, bytes).value, 0);
	assert_true(slot_arena_free_place(mapping, near, last, bytes).value >=
		    start.value + 1000 + bytes);
	/* What was given back is not used again, and all of the page is in memory. */
	blocks[1].is_written = true;
	slot_arena_free(&injected, &blocks[1]);
	assert_int_equal(
		slot_arena_free_place(mapping, taddr_add(start, 500), taddr_add(start, 500), bytes)
			.value,
		0);
	assert_int_equal(injected_pages(&injected), 1);
	injected_deinit(&injected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_trampoline),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_half_written),
		cmocka_unit_test(test_shared_bytes_must_be_there),
		cmocka_unit_test(test_healed),
		cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
