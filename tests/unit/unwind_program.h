/*
 * A program of two pages, made by hand: one function, its call frame information and a stack.
 * Included by test files.
 */
#ifndef TESTS_UNWIND_PROGRAM_H
#define TESTS_UNWIND_PROGRAM_H

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/unwind/unwinder.h"

enum {
	IMAGE = 0x10000, /* an ELF file with one function, at CODE */
	BELOW = 0xf000,	 /* the same once more */
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

	if (page != BELOW && page != IMAGE && page != STACK)
		return 0;
	if (bytes > PAGE - offset)
		bytes = PAGE - offset;
	memcpy(ret, (page == STACK ? program->stack : program->image) + offset, bytes);
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
		{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_memsz = PAGE },
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

static void put_stack(struct program *program, uint64_t address, uint64_t value)
{
	memcpy(program->stack + (address - STACK), &value, sizeof(value));
}

#endif
