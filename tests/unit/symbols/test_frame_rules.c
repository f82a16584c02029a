/* Unit tests of the unwinder with a program made by hand: what ends an unwinding, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/unwind_program.h"

static void test_good(void **state)
{
	(void)state;
	struct program program;
	enum unwind_end end;

	program_init(&program);
	/* One frame that returns into the function again, then a return address of 0. */
	put_stack(&program, STACK + 64, CODE + 16);
	assert_int_equal(program_unwind(&program, &end), 2);
	assert_int_equal(end, UNWIND_COMPLETE);
}

static void test_stack_must_grow(void **state)
{
	(void)state;
	static const struct {
		unsigned char bytes[3];
		bool is_good;
	} cases[] = {
		{ { 0x0c, 7, 1 }, true },  /* CFA = rsp + 1 */
		{ { 0x0c, 7, 0 }, false }, /* CFA = rsp */
		{ { 0x12, 7, 1 }, false }, /* CFA = rsp - 8 */
	};
	struct program program;
	enum unwind_end end;

	for (size_t i = 0; i < 3; i++) {
		program_init(&program);
		program_set_fde(&program, cases[i].bytes, sizeof(cases[i].bytes));
		for (uint64_t at = STACK + 40; at < STACK + 80; at += 8)
			put_stack(&program, at, (CODE + 16) * UINT64_C(0x101));
		/* What is returned to is anywhere; there it ends. */
		assert_int_equal(program_unwind(&program, &end), cases[i].is_good ? 2 : 1);
		assert_int_equal(end, UNWIND_LOST);
	}
}

static void test_outermost(void **state)
{
	(void)state;
	static const unsigned char no_return[] = { 0x07, 16 }, no_rbp[] = { 0x07, 6 };
	struct program program;
	enum unwind_end end;

	program_init(&program);
	put_stack(&program, STACK + 64, CODE + 16);
	program_set_fde(&program, no_return, sizeof(no_return));
	assert_int_equal(program_unwind(&program, &end), 1);
	assert_int_equal(end, UNWIND_COMPLETE);
	/* A lost rbp is no end of the stack. */
	program_set_fde(&program, no_rbp, sizeof(no_rbp));
	assert_int_equal(program_unwind(&program, &end), 1);
	assert_int_equal(end, UNWIND_LOST);
}

/* A register that calls do not preserve says nothing of the callers. */
static void test_volatile_register(void **state)
{
	(void)state;
	/* From CODE + 12 on the CFA is 96 above the register. */
	unsigned char by_register[] = { 0x40 | 12, 0x0c, 3, 96 };
	struct program program;
	enum unwind_end end;

	program_init(&program);
	put_stack(&program, STACK + 64, CODE + 16);
	program_set_fde(&program, by_register, sizeof(by_register));
	assert_int_equal(program_unwind(&program, &end), 2);
	assert_int_equal(end, UNWIND_COMPLETE);
	for (unsigned char number = 0; number < UNWIND_PC; number++) {
		by_register[2] = number;
		program_set_fde(&program, by_register, sizeof(by_register));
		assert_int_equal(program_unwind(&program, &end), 2);
		bool is_kept = number == 3 || number == 6 || number == 7 || number >= 12;
		assert_int_equal(end, is_kept ? UNWIND_COMPLETE : UNWIND_LOST);
	}
}

/* Signal frames may go up and down: here for ever. */
static void test_circle_of_signals(void **state)
{
	(void)state;
	static const unsigned char signal_cie[] = {
		0, 0,	 0,  0, 0,    0,    0, 0,    1, 'z',  'R',  'S', 0,
		1, 0x78, 16, 1, 0x1b, 0x0f, 3, 0x77, 0, 0x06, 0x90, 1,	 0,
	};
	struct program program;
	enum unwind_end end;

	program_init(&program);
	program_set_cie(&program, signal_cie, sizeof(signal_cie));
	/* The CFA is what rsp points at, the pc lies below it. */
	put_stack(&program, STACK + 64, STACK + 128);
	put_stack(&program, STACK + 128, STACK + 64);
	put_stack(&program, STACK + 120, CODE + 1);
	put_stack(&program, STACK + 56, CODE + 2);
	assert_int_equal(program_unwind(&program, &end), 16);
	assert_int_equal(end, UNWIND_LOST);
}

/* Both segments lie in the file's first page, which is mapped twice; the table is in the other. */
static void test_small_file(void **state)
{
	(void)state;
	const Elf64_Phdr code = {
		.p_type = PT_LOAD,
		.p_flags = PF_X,
		.p_offset = CODE - IMAGE,
		.p_vaddr = PAGE + CODE - IMAGE,
		.p_memsz = CODE_BYTES,
	};
	struct program program;
	enum unwind_end end;

	program_init(&program);
	put_stack(&program, STACK + 64, CODE + 16);
	Elf64_Phdr *segments = (Elf64_Phdr *)(program.image + sizeof(Elf64_Ehdr));
	segments[0].p_memsz = CODE - IMAGE;
	memcpy(program.image + sizeof(Elf64_Ehdr) + 2 * sizeof(code), &code, sizeof(code));
	((Elf64_Ehdr *)program.image)->e_phnum = 3;
	/* Now nothing is where it says: the code is a page further from the rest. */
	assert_int_equal(program_unwind(&program, &end), 1);
	assert_int_equal(end, UNWIND_LOST);
	put32(&program, EH_FRAME_HDR + 12, PAGE + CODE - (IMAGE + EH_FRAME_HDR));
	put32(&program, FDE + 8, PAGE + CODE - (IMAGE + FDE + 8));
	assert_int_equal(program_unwind(&program, &end), 2);
	assert_int_equal(end, UNWIND_COMPLETE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_stack_must_grow),
		cmocka_unit_test(test_outermost),
		cmocka_unit_test(test_volatile_register),
		cmocka_unit_test(test_circle_of_signals),
		cmocka_unit_test(test_small_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
