/*
 * Unit tests of the check of call frame information, with instructions that would make libunwind
 * read astray, trap or hang.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "symbols/unwind/cfi_check.h"
#include "tests/unit/unwind_program.h"

static bool program_check(const struct program *program)
{
	/* Copies of exact size, so that a sanitizer sees each byte too many. */
	unsigned char *cie = malloc(program->cie_bytes), *fde = malloc(program->fde_bytes);

	assert_true(cie != NULL && fde != NULL);
	memcpy(cie, program->image + CIE, program->cie_bytes);
	memcpy(fde, program->image + FDE, program->fde_bytes);
	bool is_good = cfi_check(
		(struct cfi_reader){ cie, program->cie_bytes, 0, IMAGE + CIE, false },
		(struct cfi_reader){ fde, program->fde_bytes, 0, IMAGE + FDE, false }, CODE + 8);
	free(cie);
	free(fde);
	return is_good;
}

static void test_instructions(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		bool is_good;
		unsigned char bytes[32];
	} cases[] = {
		{ "nothing", true, { 0 } },
		{ "a register kept in another", true, { 0x09, 3, 12 } },
		{ "a register kept in none", false, { 0x09, 3, 17 } },
		{ "a register kept far off", false, { 0x09, 3, 0xff, 0xff, 0x7f } },
		{ "a register that is none", false, { 0x80 | 17, 1 } },
		{ "restore a register that is none", false, { 0xc0 | 33 } },
		{ "the CFA by a register that is none", false, { 0x0d, 17 } },
		{ "an undefined return address", true, { 0x07, 16 } },
		{ "an expression", true, { 0x0f, 3, 0x77, 8, 0x06 } },
		{ "an expression with a jump", false, { 0x0f, 3, 0x2f, 0xfd, 0xff } },
		{ "an expression with a branch", false, { 0x0f, 4, 0x31, 0x28, 0xfc, 0xff } },
		{ "the least number by -1",
		  false,
		  { 0x0f, 13, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x09, 0xff, 0x1b, 0x96 } },
		{ "an expression in a register", false, { 0x10, 3, 1, 0x50 } },
		{ "a register above all", false, { 0x10, 3, 2, 0x81, 0 } },
		{ "an access of 3 bytes", false, { 0x10, 3, 4, 0x77, 0, 0x94, 3 } },
		{ "an operation over the end", false, { 0x10, 3, 1, 0x0c } },
		{ "an expression of the wildest length",
		  false,
		  { 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 } },
		{ "restored and never remembered", false, { 0x0b } },
		{ "remembered and restored", true, { 0x0a, 0x0b } },
		{ "remembered too often",
		  false,
		  { 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10 } },
		{ "what libunwind does not know", false, { 0x14, 3, 1 } },
		{ "a number without an end",
		  false,
		  { 0x0e, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0 } },
	};
	struct program program;
	enum unwind_end end;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		program_init(&program);
		program_set_fde(&program, cases[i].bytes, sizeof(cases[i].bytes));
		if (program_check(&program) != cases[i].is_good)
			fail_msg("%s", cases[i].what);
		/* Refused means no frame outside of this one. */
		size_t count = program_unwind(&program, &end);
		if (!cases[i].is_good && (count != 1 || end != UNWIND_LOST))
			fail_msg("%s was used", cases[i].what);
	}
}

static void test_cie(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		size_t at;
		unsigned char byte;
	} cases[] = {
		{ "64-bit lengths", 0, 0xff },
		{ "an FDE for a CIE", 4, 1 },
		{ "a version of the future", 8, 4 },
		{ "an unknown letter", 10, 'Q' },
		{ "no size of the augmentation", 9, 'R' },
		{ "letters without an end", 11, 'R' },
		{ "a return address in no register", 14, 200 },
		{ "a return address in another register", 14, 3 },
		{ "an augmentation longer than its letters", 15, 2 },
		{ "an indirect address", 16, 0x9b },
		{ "an address of no size", 16, 0x01 },
		{ "no rule for the CFA", 17, 0x05 },
	};
	struct program program;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		program_init(&program);
		program.image[CIE + cases[i].at] = cases[i].byte;
		if (program_check(&program))
			fail_msg("%s", cases[i].what);
	}
}

static void test_fde(void **state)
{
	(void)state;
	struct program program;

	program_init(&program);
	put32(&program, FDE + 12, 8); /* ends before the pc */
	assert_false(program_check(&program));
	put32(&program, FDE + 12, -1);
	assert_false(program_check(&program));
	put32(&program, FDE + 12, 9);
	assert_true(program_check(&program));
	program.image[FDE + 16] = 2; /* an augmentation that reaches over the end */
	assert_false(program_check(&program));
	program.image[FDE + 16] = 0;
	program.fde_bytes--;
	assert_false(program_check(&program));
}

/* Most instructions are valid ones, so that many reach libunwind; it must live through them all. */
static void test_random_instructions(void **state)
{
	(void)state;
	enum { ROUNDS = 20000 };
	static const unsigned char some[] = { 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d,
					      0x0e, 0x0f, 0x10, 0x12, 0x16, 0x2f, 0x41,
					      0x90, 0xc6, 0x06, 0x1b, 0x1d, 0x24, 0x28,
					      0x70, 0x77, 0x94, 0x00, 1,    2,	  4 };
	struct program program;
	size_t accepted = 0, more_frames = 0;

	srandom(7);
	for (int round = 0; round < ROUNDS; round++) {
		unsigned char bytes[INSTRUCTIONS];
		size_t count = 1 + (size_t)random() % (round % 2 == 0 ? 6 : INSTRUCTIONS);
		enum unwind_end end;
		for (size_t i = 0; i < count; i++)
			bytes[i] = random() % 8 == 0 ? (unsigned char)random()
						     : some[(size_t)random() % sizeof(some)];
		program_init(&program);
		program_set_fde(&program, bytes, count);
		for (size_t i = 0; i < PAGE; i += 8) {
			uint64_t word = random() % 4 == 0   ? (uint64_t)random() << 33
					: random() % 2 == 0 ? CODE + (uint64_t)random() % 256
							    : STACK + (uint64_t)random() % PAGE;
			put_stack(&program, STACK + i, word);
		}
		accepted += program_check(&program);
		more_frames += program_unwind(&program, &end) > 1;
	}
	assert_true(accepted > ROUNDS / 50 && accepted < ROUNDS / 2);
	assert_true(more_frames > 0 && more_frames <= accepted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instructions),
		cmocka_unit_test(test_cie),
		cmocka_unit_test(test_fde),
		cmocka_unit_test(test_random_instructions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
