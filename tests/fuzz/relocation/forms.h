/*
 * Every form of x86-64 instruction that Zydis knows, found by decoding: all opcodes of all maps, with all
 * prefixes that choose among them, each with registers, memory and %rip-relative memory, and some other
 * ways to address memory. Of encodings that differ in registers and numbers alone, one is kept.
 */
#ifndef TESTS_FUZZ_RELOCATION_FORMS_H
#define TESTS_FUZZ_RELOCATION_FORMS_H

#include <stddef.h>
#include <stdint.h>

#include <Zydis/Zydis.h>

struct form {
	uint8_t code[ZYDIS_MAX_INSTRUCTION_LENGTH];
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

/*
 * What the numbers in an instruction lead to: data at @data_bytes from where the instruction is, branches to
 * some place within BRANCH_BYTES_MOST of it; @low is an address of data below 4 GiB.
 */
struct form_places {
	int32_t data_bytes;
	uint64_t low;
};
enum { BRANCH_BYTES_MOST = 0x4000 };

struct form_list {
	struct form *forms;
	size_t count, capacity;
	uint64_t seed;
	uint64_t *seen; /* a hash set of what is the same form */
	size_t seen_capacity;
	uint64_t decoded; /* encodings that were looked at, and were instructions */
	const struct form_places *places;
};

/* All forms, in an order that is always the same with one @seed. */
void form_list_init(struct form_list *list, const struct form_places *places, uint64_t seed);
void form_list_deinit(struct form_list *list);

/* xorshift64*; never 0. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

#endif
