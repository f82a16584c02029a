/*
 * Unit tests of punned jumps, and of jumps behind an endbr64: where they lead, and how they come and go, in memory of
 * our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/probe/patch/kept_patch.h"
#include "tracer/probe/patch/slot_arena.h"

enum { CODE_BYTES = 16, MARK = ARCH_CALL_MARK_BYTES };

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
	assert_true(arch_jump_build_prefixed(from, 1, taddr_add(first, 7), jump));
	assert_int_equal(jump[0], ARCH_JUMP_PREFIX);
	assert_int_equal(jump[1], ARCH_JUMP_FIRST_BYTE);
	assert_int_equal(jump[2], 7);
	assert_memory_equal(jump + 3, frame_code + 3, 3);

	/* Below all memory, and above. */
	assert_false(arch_pun_reach(taddr(0x401000), back, 3, 0, &first, &last));
	assert_false(arch_pun_reach(taddr(0x7fffffffd000), frame_code, 1, 0, &first, &last));
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

struct memory {
	struct address_space *space;
	uint8_t *code;
	struct patch patch;
	struct pad pad;
};

/* A site in @own, whose pad displaces @bytes from @offset on; its jump has @prefixes. */
static void memory_init(struct memory *m, const uint8_t *own, uint8_t offset, uint8_t bytes,
			uint8_t prefixes)
{
	taddr_t last;

	*m = (struct memory){ 0 };
	m->code = mmap(NULL, ARCH_PAGE_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	assert_ptr_not_equal(m->code, MAP_FAILED);
	assert_null(address_space_open(getpid(), &m->space));
	const taddr_t at = taddr((uintptr_t)m->code);
	assert_null(address_space_write(m->space, at, own, CODE_BYTES));
	patch_init(&m->patch, PATCH_TRAP, at);
	memcpy(m->patch.code, own, sizeof(m->patch.code));
	m->patch.code_bytes = sizeof(m->patch.code);
	m->pad = (struct pad){ .kind = ARCH_PAD_ENTRY,
			       .offset_bytes = offset,
			       .window_bytes = bytes };
	m->pad.prefix_bytes = prefixes;
	memcpy(m->pad.window, own + offset, ARCH_JUMP_BYTES_MAX);
	m->pad.block.address = at;
	m->pad.block.start = taddr_add(at, 0x10000);
	if (bytes < ARCH_JUMP_BYTES)
		assert_true(arch_pun_reach(pad_jump_place(&m->pad), own + offset, bytes, prefixes,
					   &m->pad.trampoline.start, &last));
	m->patch.pad = &m->pad;
	assert_null(patch_write(&m->patch, m->space));
}

static void memory_deinit(struct memory *m)
{
	address_space_close(m->space);
	assert_int_equal(munmap(m->code, ARCH_PAGE_BYTES), 0);
}

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

static void assert_trap(const struct memory *m, const uint8_t *own)
{
	assert_int_equal(m->patch.kind, PATCH_TRAP);
	assert_int_equal(m->code[0], arch_trap_insn[0]);
	assert_memory_equal(m->code + 1, own + 1, CODE_BYTES - 1);
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

/* mov %edi,%eax; add $0,%eax; dec %edi; … */
static const uint8_t pair_code[CODE_BYTES] = { 0x89, 0xf8, 0x83, 0xc0, 0x00, 0xff, 0xcf, 0xc3 };

/* The second instruction's jump is what the first one's needs. */
struct pair {
	struct memory first;
	struct patch second;
	struct pad second_pad;
};

static void pair_init(struct pair *pair)
{
	enum { FIRST_BYTES = 2, SECOND_BYTES = 3 };
	uint8_t jump[ARCH_JUMP_BYTES_MAX];
	taddr_t last;

	memory_init(&pair->first, pair_code, 0, FIRST_BYTES, 0);
	struct memory *m = &pair->first;
	const taddr_t at = taddr_add(m->patch.address, FIRST_BYTES);
	struct pad *pad = &pair->second_pad;
	patch_init(&pair->second, PATCH_TRAP, at);
	memcpy(pair->second.code, pair_code + FIRST_BYTES, CODE_BYTES - FIRST_BYTES);
	pair->second.code_bytes = CODE_BYTES - FIRST_BYTES;
	*pad = (struct pad){ .kind = ARCH_PAD_PLAIN, .window_bytes = SECOND_BYTES };
	memcpy(pad->window, pair->second.code, ARCH_JUMP_BYTES_MAX);
	pad->block.address = at;
	pad->block.start = taddr_add(at, 0x20000);
	assert_true(
		arch_pun_reach(at, pad->window, SECOND_BYTES, 0, &pad->trampoline.start, &last));
	pad->trampoline.start = taddr_add(pad->trampoline.start, 0x4321);
	pair->second.pad = pad;
	assert_null(patch_write(&pair->second, m->space));
	assert_null(patch_promote(&pair->second, m->space));
	assert_true(patch_jump(&pair->second, jump));
	memcpy(m->pad.window + FIRST_BYTES, jump, ARCH_JUMP_BYTES);
	assert_true(arch_pun_reach(m->patch.address, m->pad.window, FIRST_BYTES, 0,
				   &m->pad.trampoline.start, &last));
	assert_true(patch_is_alone(&m->patch, m->space));
	assert_null(patch_promote(&m->patch, m->space));
	assert_int_equal(m->patch.kind, PATCH_PUNNED);
	/* Both of them lead there. */
	assert_true(patch_jump(&m->patch, jump));
	assert_memory_equal(m->code, jump, ARCH_JUMP_BYTES);
	assert_true(patch_jump(&pair->second, jump));
	assert_memory_equal(m->code + FIRST_BYTES, jump, ARCH_JUMP_BYTES);
}

static void test_pair_is_hidden(void **state)
{
	(void)state;
	uint8_t copy[CODE_BYTES];
	struct pair pair;

	pair_init(&pair);
	const struct patch *const patches[] = { &pair.first.patch, &pair.second };
	for (int first = 0; first < 2; first++) { /* in any order */
		memcpy(copy, pair.first.code, sizeof(copy));
		for (int i = 0; i < 2; i++)
			patch_hide(patches[first ^ i], pair.first.patch.address, copy,
				   sizeof(copy));
		assert_memory_equal(copy, pair_code, sizeof(copy));
		memcpy(copy, pair.first.code, sizeof(copy));
		for (int i = 0; i < 2; i++) {
			const size_t at =
				patches[first ^ i]->address.value - pair.first.patch.address.value;
			patch_hide_jump(patches[first ^ i], copy + at, sizeof(copy) - at);
		}
		assert_memory_equal(copy, pair_code, sizeof(copy));
	}
	memory_deinit(&pair.first);
}

/* Likewise when they are mended in a copy. */
static void test_pair_is_mended(void **state)
{
	(void)state;
	for (int first = 0; first < 2; first++) {
		struct pair pair;
		pair_init(&pair);
		const struct patch *const patches[] = { &pair.first.patch, &pair.second };
		for (int i = 0; i < 2; i++) {
			const struct patch *patch = patches[first ^ i];
			assert_null(patch_mend(patch, pair.first.space, patch->address));
		}
		assert_memory_equal(pair.first.code, pair_code, CODE_BYTES);
		memory_deinit(&pair.first);
	}
}

/* Who heals takes away first what needs the other; and so does who takes both away. */
static void test_pair_goes(void **state)
{
	(void)state;
	struct kept_patch kept, kept_second;
	struct pair pair;
	size_t healed = 0;

	pair_init(&pair);
	const struct memory *m = &pair.first;
	assert_true(kept_patch_init(&kept, &m->patch));
	assert_true(kept_patch_init(&kept_second, &pair.second));
	assert_false(kept.is_needed);
	assert_true(kept_second.is_needed);
	assert_null(kept_patch_heal(&kept, m->space, m->patch.address, &healed));
	assert_memory_equal(m->code, pair_code, 2);
	assert_int_equal(patch_look(&pair.second, m->space), PATCH_IS_THERE);
	assert_null(kept_patch_heal(&kept_second, m->space, pair.second.address, &healed));
	assert_int_equal(healed, 2);
	assert_memory_equal(m->code, pair_code, CODE_BYTES);
	memory_deinit(&pair.first);

	pair_init(&pair);
	assert_null(patch_demote(&pair.first.patch, m->space));
	assert_int_equal(patch_look(&pair.second, m->space), PATCH_IS_THERE);
	assert_null(patch_demote(&pair.second, m->space));
	assert_int_equal(m->code[2], arch_trap_insn[0]);
	assert_null(patch_remove(&pair.second, m->space));
	assert_trap(m, pair_code);
	memory_deinit(&pair.first);
}

/* A pad that records nothing: its entry is the way to what was displaced, and a thread there has done nothing yet. */
static void test_plain_pad(void **state)
{
	(void)state;
	const taddr_t from = taddr(0x400000), to = taddr(0x500000);
	const struct arch_pad_layout *layout = arch_pad_layout(ARCH_PAD_PLAIN);
	struct user_regs_struct regs = { .rsp = 0x7000, .rax = 7, .orig_rax = UINT64_MAX };
	struct arch_pad_owed owed;
	struct arch_insn insn;
	struct arch_pad pad;

	assert_null(arch_pad_build(ARCH_PAD_PLAIN, 1, pair_code, 2, from, taddr(0), to, &pad));
	const taddr_t entry = taddr_add(to, pad.entry_offset);
	assert_true(arch_decode(pad.code + pad.entry_offset, ARCH_INSN_BYTES_MAX, entry, &insn));
	assert_int_equal(insn.flow, ARCH_FLOW_JUMP);
	assert_int_equal(insn.target.value, to.value + pad.displaced_offset);
	assert_memory_equal(pad.code + pad.displaced_offset, pair_code, 2);
	assert_int_equal(pad.code[layout->trap_offset], arch_trap_insn[0]);
	regs.rip = entry.value;
	assert_int_equal(
		arch_pad_leave(ARCH_PAD_PLAIN, pad.entry_offset, from, &regs, NULL, 0, &owed),
		ARCH_PAD_BEFORE);
	assert_int_equal(regs.rip, from.value);
	assert_int_equal(regs.rsp, 0x7000);
	assert_int_equal(regs.rax, 7);
	assert_int_equal(
		arch_pad_leave(ARCH_PAD_PLAIN, pad.displaced_offset, from, &regs, NULL, 0, &owed),
		ARCH_PAD_NOT_IN);
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
		cmocka_unit_test(test_trampoline),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_half_written),
		cmocka_unit_test(test_shared_bytes_must_be_there),
		cmocka_unit_test(test_healed),
		cmocka_unit_test(test_pair_is_hidden),
		cmocka_unit_test(test_pair_is_mended),
		cmocka_unit_test(test_pair_goes),
		cmocka_unit_test(test_plain_pad),
		cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
