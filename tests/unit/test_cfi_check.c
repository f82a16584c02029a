/*
 * Unit tests of what the unwinder does with hostile call frame information: a program of two pages,
 * made by hand, with instructions that would make libunwind read astray, trap or hang.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/cfi_check.h"
#include "symbols/unwinder.h"

enum {
	IMAGE = 0x10000, /* an ELF file with one function, at CODE */
	CODE = IMAGE + 0x800,
	CODE_BYTES = 0x100,
	EH_FRAME_HDR = 0x200, /* from here on, offsets in the image */
	CIE = 0x300,
	FDE = 0x400,
	STACK = 0x20000,
	PAGE = 4096,
	INSTRUCTIONS = 200, /* at most, of the FDE */
};

struct program {
	unsigned char image[PAGE];
	unsigned char stack[PAGE];
	size_t cie_bytes, fde_bytes; /* with their length words */
};

static size_t program_read(void *context, taddr_t from, void *ret, size_t bytes)
{
	const struct program *program = context;
	uint64_t offset = from.value % PAGE;
	uint64_t page = from.value - offset;

	if (page != IMAGE && page != STACK)
		return 0;
	if (bytes > PAGE - offset)
		bytes = PAGE - offset;
	memcpy(ret, (page == IMAGE ? program->image : program->stack) + offset, bytes);
	return bytes;
}

static bool program_find_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	(void)context;
	*ret_header = taddr(IMAGE);
	return pc.value >= IMAGE && pc.value < IMAGE + PAGE;
}

static void put32(struct program *program, size_t at, int64_t value)
{
	uint32_t word = (uint32_t)value;

	memcpy(program->image + at, &word, sizeof(word));
}

/* Version 1, "zR", pc-relative 32-bit addresses, column 16, CFA = rsp + 8, return address below. */
static const unsigned char good_cie[] = {
	0, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b, 0x0c, 7, 8, 0x90, 1, 0, 0,
};

static void program_set_cie(struct program *program, const unsigned char *bytes, size_t count)
{
	memcpy(program->image + CIE, bytes, count);
	program->cie_bytes = count;
	put32(program, CIE, (int64_t)count - 4);
}

static void program_set_fde(struct program *program, const unsigned char *instructions,
			    size_t count)
{
	enum { FIRST = FDE + 17 };

	put32(program, FDE, 13 + (int64_t)count);
	put32(program, FDE + 4, FDE + 4 - CIE);
	put32(program, FDE + 8, CODE - (IMAGE + FDE + 8));
	put32(program, FDE + 12, CODE_BYTES);
	program->image[FDE + 16] = 0; /* size of the augmentation */
	memcpy(program->image + FIRST, instructions, count);
	program->fde_bytes = 17 + count;
}

static void program_init(struct program *program)
{
	const Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64 },
		.e_phoff = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	};
	const Elf64_Phdr segments[2] = {
		{ .p_type = PT_LOAD, .p_vaddr = 0, .p_memsz = PAGE },
		{ .p_type = PT_GNU_EH_FRAME, .p_vaddr = EH_FRAME_HDR, .p_memsz = 20 },
	};
	static const unsigned char encodings[] = { 1, 0x1b, 0x03, 0x3b };

	memset(program, 0, sizeof(*program));
	memcpy(program->image, &header, sizeof(header));
	memcpy(program->image + sizeof(header), segments, sizeof(segments));
	memcpy(program->image + EH_FRAME_HDR, encodings, sizeof(encodings));
	put32(program, EH_FRAME_HDR + 4, CIE - (EH_FRAME_HDR + 4));
	put32(program, EH_FRAME_HDR + 8, 1);
	put32(program, EH_FRAME_HDR + 12, CODE - (IMAGE + EH_FRAME_HDR));
	put32(program, EH_FRAME_HDR + 16, FDE - EH_FRAME_HDR);
	program_set_cie(program, good_cie, sizeof(good_cie));
	program_set_fde(program, (const unsigned char[]){ 0 }, 1);
}

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

/* Unwinds from the function's middle; returns how many frames there are. */
static size_t program_unwind(struct program *program, enum unwind_end *ret_end)
{
	const struct unwind_memory memory = { program_read, program_find_elf, program };
	struct unwind_registers registers = { .known = (1u << UNWIND_REGISTERS) - 1 };
	struct unwind_frame frames[16];
	size_t count;

	for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
		registers.values[i] = STACK + 64;
	registers.values[UNWIND_PC] = CODE + 8;
	assert_null(unwind_frames(&memory, &registers, frames, 16, &count, ret_end));
	assert_int_equal(frames[0].pc.value, CODE + 8);
	return count;
}

static void test_good(void **state)
{
	(void)state;
	struct program program;
	enum unwind_end end;
	uint64_t return_address = CODE + 16;

	program_init(&program);
	assert_true(program_check(&program));
	/* One frame that returns into the function again, then a return address of 0. */
	memcpy(program.stack + 64, &return_address, sizeof(return_address));
	assert_int_equal(program_unwind(&program, &end), 2);
	assert_int_equal(end, UNWIND_COMPLETE);
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

static void put_stack(struct program *program, uint64_t address, uint64_t value)
{
	memcpy(program->stack + (address - STACK), &value, sizeof(value));
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
		assert_true(program_check(&program));
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
	assert_true(program_check(&program));
	/* The CFA is what rsp points at, the pc lies below it. */
	put_stack(&program, STACK + 64, STACK + 128);
	put_stack(&program, STACK + 128, STACK + 64);
	put_stack(&program, STACK + 120, CODE + 1);
	put_stack(&program, STACK + 56, CODE + 2);
	assert_int_equal(program_unwind(&program, &end), 16);
	assert_int_equal(end, UNWIND_LOST);
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
			memcpy(program.stack + i, &word, sizeof(word));
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
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_instructions),
		cmocka_unit_test(test_cie),
		cmocka_unit_test(test_fde),
		cmocka_unit_test(test_stack_must_grow),
		cmocka_unit_test(test_outermost),
		cmocka_unit_test(test_volatile_register),
		cmocka_unit_test(test_circle_of_signals),
		cmocka_unit_test(test_random_instructions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
