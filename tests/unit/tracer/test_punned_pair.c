/* Unit tests of two jumps of which one needs the other's bytes (probe/jump/eviction.h), in memory of our own. */
#include <string.h>

#include "tests/unit/tracer/punned_memory.h"
#include "tracer/arch/pad.h"
#include "tracer/probe/patch/kept_patch.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pair_is_hidden),
		cmocka_unit_test(test_pair_is_mended),
		cmocka_unit_test(test_pair_goes),
		cmocka_unit_test(test_plain_pad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
