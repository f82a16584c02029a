/* x86-64: what code refers to; see references.h (arch layer). */
#include "tracer/arch/references.h"

#include <string.h>

#include <Zydis/Zydis.h>

static uint64_t word_at(const uint8_t *code)
{
	int32_t word;

	memcpy(&word, code, sizeof(word));
	return (uint64_t)(int64_t)word;
}

static void tell(const struct arch_reference_sink *sink, uint64_t address, enum arch_reference kind,
		 uint64_t from)
{
	if (address - sink->start.value < sink->end.value - sink->start.value)
		sink->found(sink->context, taddr(address), kind, taddr(from));
}

/* mov and push of 32-bit constants; the constant of c7 stands behind an operand of 1 to 6 bytes. */
static void tell_absolute(const uint8_t *at, uint64_t here, const struct arch_reference_sink *sink)
{
	static const uint8_t behind_operand[] = { 2, 3, 4, 6, 7 };

	if ((at[0] & 0xf8) == 0xb8 || at[0] == 0x68)
		tell(sink, word_at(at + 1), ARCH_REFERENCE_CONSTANT, here);
	if (at[0] != 0xc7)
		return;
	for (size_t i = 0; i < sizeof(behind_operand); i++)
		tell(sink, word_at(at + behind_operand[i]), ARCH_REFERENCE_CONSTANT, here);
}

void arch_references(const uint8_t *code, size_t bytes, taddr_t start, bool has_absolute,
		     const struct arch_reference_sink *sink)
{
	for (size_t i = 0; i + ARCH_REFERENCE_BYTES_MAX <= bytes; i++) {
		const uint8_t *at = code + i;
		const uint64_t here = start.value + i;

		switch (at[0]) {
		case 0xe8: /* call rel32 */
			tell(sink, here + 5 + word_at(at + 1), ARCH_REFERENCE_CALL, here);
			break;
		case 0xe9: /* jmp rel32 */
			tell(sink, here + 5 + word_at(at + 1), ARCH_REFERENCE_JUMP, here);
			break;
		case 0x0f: /* jcc rel32 */
			if ((at[1] & 0xf0) == 0x80)
				tell(sink, here + 6 + word_at(at + 2), ARCH_REFERENCE_JUMP, here);
			break;
		case 0xc7: /* xbegin rel32 */
			if (at[1] == 0xf8)
				tell(sink, here + 6 + word_at(at + 2), ARCH_REFERENCE_JUMP, here);
			break;
		case 0x8d: /* lea disp32(%rip) */
			if ((at[1] & 0xc7) == 0x05)
				tell(sink, here + 6 + word_at(at + 2), ARCH_REFERENCE_CONSTANT,
				     here);
			break;
		default:
			break;
		}
		if (has_absolute)
			tell_absolute(at, here, sink);
	}
}

void arch_short_branches(const uint8_t *code, size_t bytes, taddr_t start,
			 const struct arch_reference_sink *sink)
{
	for (size_t i = 0; i + 2 <= bytes; i++) {
		/* jcc, jmp, and loop to jrcxz. */
		if ((code[i] & 0xf0) == 0x70 || code[i] == 0xeb || (code[i] & 0xfc) == 0xe0)
			tell(sink, start.value + i + 2 + (uint64_t)(int8_t)code[i + 1],
			     ARCH_REFERENCE_JUMP, start.value + i);
	}
}

bool arch_has_optional_prefix(const uint8_t *code, size_t bytes)
{
	enum { LOCK = 0xf0 };
	return bytes > 0 && code[0] == LOCK;
}

static bool decode_full(const uint8_t *code, size_t bytes, ZydisDecodedInstruction *insn,
			ZydisDecodedOperand *operands)
{
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, bytes, insn, operands));
}

bool arch_refers_to(const uint8_t *code, size_t bytes, taddr_t at, taddr_t address)
{
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	enum { RM_IS_RIP = 5 };

	if (!decode_full(code, bytes, &insn, operands))
		return true;
	const uint64_t next = at.value + insn.length, displacement = (uint64_t)insn.raw.disp.value;
	for (size_t i = 0; i < sizeof(insn.raw.imm) / sizeof(insn.raw.imm[0]); i++) {
		const uint64_t value = insn.raw.imm[i].value.u;
		if (insn.raw.imm[i].size > 0 &&
		    value + (insn.raw.imm[i].is_relative ? next : 0) == address.value)
			return true;
	}
	const bool is_relative = insn.raw.modrm.mod == 0 && insn.raw.modrm.rm == RM_IS_RIP;
	return insn.raw.disp.size > 0 && displacement + (is_relative ? next : 0) == address.value;
}

/* 0 to 15, whatever part of the register it is. */
static uint8_t register_number(ZydisRegister reg)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);

	return whole >= ZYDIS_REGISTER_RAX && whole <= ZYDIS_REGISTER_R15
		       ? (uint8_t)(whole - ZYDIS_REGISTER_RAX)
		       : ARCH_NO_REGISTER;
}

static bool is_register(const ZydisDecodedOperand *operand, uint8_t *ret)
{
	*ret = operand->type == ZYDIS_OPERAND_TYPE_REGISTER ? register_number(operand->reg.value)
							    : ARCH_NO_REGISTER;
	return *ret != ARCH_NO_REGISTER;
}

static bool is_written(const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *operands,
		       uint8_t reg)
{
	for (int i = 0; i < insn->operand_count; i++) {
		uint8_t number;
		if ((operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) &&
		    is_register(&operands[i], &number) && number == reg)
			return true;
	}
	return false;
}

static enum arch_origin origin_of_word(const ZydisDecodedOperand *from, uint8_t ret_registers[2])
{
	ret_registers[0] = ret_registers[1] = ARCH_NO_REGISTER;
	if (from->mem.base != ZYDIS_REGISTER_NONE)
		ret_registers[0] = register_number(from->mem.base);
	/* Either of two may be the distance into the table. */
	if (from->mem.base != ZYDIS_REGISTER_NONE && from->mem.index != ZYDIS_REGISTER_NONE &&
	    from->mem.scale == 1)
		ret_registers[1] = register_number(from->mem.index);
	return ARCH_ORIGIN_DISTANCE;
}

static enum arch_origin origin_of_mov(const ZydisDecodedOperand *from, uint8_t ret_registers[2])
{
	if (from->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return ARCH_ORIGIN_POINTER;
	if (from->type == ZYDIS_OPERAND_TYPE_MEMORY && from->size == 32)
		return origin_of_word(from, ret_registers);
	if (from->size != 64)
		return ARCH_ORIGIN_OTHER;
	if (from->type == ZYDIS_OPERAND_TYPE_MEMORY)
		return ARCH_ORIGIN_POINTER;
	return is_register(from, &ret_registers[0]) ? ARCH_ORIGIN_COPY : ARCH_ORIGIN_OTHER;
}

static enum arch_origin origin_of_lea(const ZydisDecodedOperand *from, uint8_t ret_registers[2])
{
	if (from->mem.base == ZYDIS_REGISTER_RIP && from->mem.index == ZYDIS_REGISTER_NONE)
		return ARCH_ORIGIN_POINTER;
	if (from->mem.index == ZYDIS_REGISTER_NONE || from->mem.scale != 1 ||
	    from->mem.disp.value != 0)
		return ARCH_ORIGIN_OTHER;
	ret_registers[0] = register_number(from->mem.base);
	ret_registers[1] = register_number(from->mem.index);
	return ARCH_ORIGIN_SUM;
}

static enum arch_origin origin_of_xor(const ZydisDecodedOperand *operands, uint8_t reg)
{
	uint8_t other;

	if (is_register(&operands[1], &other))
		return other == reg && operands[0].size >= 32 ? ARCH_ORIGIN_NULL
							      : ARCH_ORIGIN_OTHER;
	/* With the pointer guard of libc (PTR_DEMANGLE). */
	return operands[0].size == 64 && operands[1].type == ZYDIS_OPERAND_TYPE_MEMORY &&
			       operands[1].mem.segment == ZYDIS_REGISTER_FS
		       ? ARCH_ORIGIN_POINTER
		       : ARCH_ORIGIN_OTHER;
}

enum arch_origin arch_origin_of(const uint8_t *code, size_t bytes, uint8_t reg,
				uint8_t ret_registers[2])
{
	enum { RAX = 0 };
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];

	ret_registers[0] = ret_registers[1] = ARCH_NO_REGISTER;
	if (!decode_full(code, bytes, &insn, operands))
		return ARCH_ORIGIN_OTHER;
	/* What a callee may overwrite is not used behind the call, unless it is known not to. */
	if (insn.meta.category == ZYDIS_CATEGORY_CALL)
		return reg == RAX ? ARCH_ORIGIN_POINTER : ARCH_ORIGIN_EARLIER;
	if (!is_written(&insn, operands, reg))
		return ARCH_ORIGIN_EARLIER;
	if (insn.mnemonic == ZYDIS_MNEMONIC_CDQE) {
		ret_registers[0] = RAX;
		return ARCH_ORIGIN_EXTENDED;
	}
	/* The first operand must be the register, and all of it. */
	if (!is_register(&operands[0], &ret_registers[0]) || ret_registers[0] != reg)
		return ARCH_ORIGIN_OTHER;
	switch (insn.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
		return origin_of_mov(&operands[1], ret_registers);
	case ZYDIS_MNEMONIC_LEA:
		return origin_of_lea(&operands[1], ret_registers);
	case ZYDIS_MNEMONIC_POP:
		return ARCH_ORIGIN_POINTER;
	case ZYDIS_MNEMONIC_MOVSXD:
		if (operands[1].size != 32)
			return ARCH_ORIGIN_OTHER;
		return is_register(&operands[1], &ret_registers[0])
			       ? ARCH_ORIGIN_EXTENDED
			       : origin_of_word(&operands[1], ret_registers);
	case ZYDIS_MNEMONIC_XOR:
		return origin_of_xor(operands, reg);
	case ZYDIS_MNEMONIC_ADD:
		if (operands[0].size != 64 || operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
			return ARCH_ORIGIN_OTHER;
		(void)is_register(&operands[1], &ret_registers[1]);
		return ARCH_ORIGIN_SUM;
	default:
		break;
	}
	if (insn.meta.category == ZYDIS_CATEGORY_CMOV && operands[0].size == 64) {
		(void)is_register(&operands[1], &ret_registers[1]);
		return ARCH_ORIGIN_CHOICE;
	}
	return ARCH_ORIGIN_OTHER;
}

uint8_t arch_jump_register(const uint8_t *code, size_t bytes)
{
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	uint8_t reg = ARCH_NO_REGISTER;

	if (decode_full(code, bytes, &insn, operands))
		(void)is_register(&operands[0], &reg);
	return reg;
}
