/* Unit tests of where calls go, as their bytes say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/arch/arch.h"

static void test_direct_call(void **state)
{
	(void)state;
	/* nop; call +0x10 */
	static const uint8_t code[] = { 0x90, 0xe8, 0x10, 0, 0, 0 };
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	assert_int_equal(arch_calls_before(code, sizeof(code), taddr(0x1000), calls), 1);
	assert_int_equal(calls[0].target.value, 0x1010);
	assert_false(calls[0].is_through);
	assert_int_equal(arch_calls_before(code, 4, taddr(0x1000), calls), 0);
}

static void test_call_through_a_word(void **state)
{
	(void)state;
	/* call *-0x20(%rip) */
	static const uint8_t code[] = { 0xff, 0x15, 0xe0, 0xff, 0xff, 0xff };
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	assert_int_equal(arch_calls_before(code, sizeof(code), taddr(0x1000), calls), 1);
	assert_int_equal(calls[0].target.value, 0xfe0);
	assert_true(calls[0].is_through);
}

/* Those whose target a register decides: call *%rax, call *8(%rax), call *0x10(%rbx,%rcx,8). */
static void test_other_calls(void **state)
{
	(void)state;
	static const uint8_t codes[][6] = { { 0x90, 0x90, 0x90, 0x90, 0xff, 0xd0 },
					    { 0x90, 0x90, 0x90, 0xff, 0x50, 0x08 },
					    { 0x90, 0x90, 0xff, 0x54, 0xcb, 0x10 } };
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_int_equal(arch_calls_before(codes[i], 6, taddr(0x1000), calls), 0);
}

static void test_entries_of_a_plt(void **state)
{
	(void)state;
	static const uint8_t plain[] = { 0xff, 0x25, 0x04, 0, 0, 0 };
	static const uint8_t marked[] = { 0xf3, 0x0f, 0x1e, 0xfa, 0xf2, 0xff, 0x25, 0x04, 0, 0, 0 };
	static const uint8_t lazy[] = { 0xf3, 0x0f, 0x1e, 0xfa, 0x68, 0, 0, 0, 0, 0xf2, 0xe9 };
	taddr_t slot;
	assert_true(arch_jump_slot(plain, sizeof(plain), taddr(0x1000), &slot));
	assert_int_equal(slot.value, 0x1000 + 6 + 4);
	assert_true(arch_jump_slot(marked, sizeof(marked), taddr(0x1000), &slot));
	assert_int_equal(slot.value, 0x1000 + 11 + 4);
	assert_false(arch_jump_slot(lazy, sizeof(lazy), taddr(0x1000), &slot));
	assert_false(arch_jump_slot(plain, 5, taddr(0x1000), &slot));
	assert_false(arch_jump_slot(plain, 0, taddr(0x1000), &slot));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_direct_call),
		cmocka_unit_test(test_call_through_a_word),
		cmocka_unit_test(test_other_calls),
		cmocka_unit_test(test_entries_of_a_plt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
