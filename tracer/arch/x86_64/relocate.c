/*
 * x86-64: a displaced instruction, relocated into a slot (arch layer).
 *
 * Three kinds of instruction mean something else at another address: %rip-relative operands,
 * relative branches, and calls, which push where they are. All others are copied.
 */
#include "tracer/arch/arch.h"

#include <string.h>

#include <Zydis/Zydis.h>

struct relocation {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	const uint8_t *code;
	taddr_t from, to, next; /* next: behind the original instruction */
	struct arch_slot *slot;
};

static struct error *relocate_refuse(const struct relocation *r, const char *why)
{
	const char *name = ZydisMnemonicGetString(r->insn.mnemonic);
	return error_new(ERR_FORMAT, "its instruction %s at %#lx %s", name ? name : "?",
			 (unsigned long)r->from.value, why);
}

static void slot_append(struct arch_slot *slot, const void *bytes, size_t count)
{
	memcpy(slot->code + slot->code_bytes, bytes, count);
	slot->code_bytes = (uint8_t)(slot->code_bytes + count);
}

static void slot_add_point(struct arch_slot *slot, taddr_t pc, int sp_bytes)
{
	slot->points[slot->point_count++] =
		(struct arch_slot_point){ slot->code_bytes, (int8_t)sp_bytes, pc };
}

/* Appends @opcode and a 32-bit displacement that reaches @target. */
static struct error *slot_append_rel32(struct relocation *r, const uint8_t *opcode,
				       size_t opcode_bytes, taddr_t target)
{
	uint64_t end = r->to.value + r->slot->code_bytes + opcode_bytes + 4;
	int64_t distance = (int64_t)(target.value - end);

	if (distance != (int32_t)distance)
		return relocate_refuse(r, "refers to something too far away from any free memory");
	int32_t rel32 = (int32_t)distance;
	slot_append(r->slot, opcode, opcode_bytes);
	slot_append(r->slot, &rel32, sizeof(rel32));
	return NULL;
}

static struct error *slot_append_jump(struct relocation *r, taddr_t target)
{
	static const uint8_t jmp_rel32[] = { 0xe9 };
	return slot_append_rel32(r, jmp_rel32, sizeof(jmp_rel32), target);
}

/* `push 8-byte constant`: the constant lies in the slot's last 8 bytes. */
static void slot_append_push_next(struct relocation *r)
{
	static const uint8_t push_rip[] = { 0xff, 0x35 };
	const size_t data = ARCH_SLOT_BYTES - sizeof(uint64_t);
	int32_t disp = (int32_t)(data - (r->slot->code_bytes + sizeof(push_rip) + 4u));

	slot_append(r->slot, push_rip, sizeof(push_rip));
	slot_append(r->slot, &disp, sizeof(disp));
	memcpy(r->slot->code + data, &r->next.value, sizeof(uint64_t));
}

static struct error *relocate_call(struct relocation *r, taddr_t target)
{
	slot_append_push_next(r);
	slot_add_point(r->slot, target, 0);
	struct error *err = slot_append_jump(r, target);
	r->slot->code_bytes = ARCH_SLOT_BYTES;
	return err;
}

/* call *operand: push the original return address, then jmp *operand. */
static struct error *relocate_indirect_call(struct relocation *r)
{
	ZydisEncoderRequest request;
	uint8_t jump[ZYDIS_MAX_INSTRUCTION_LENGTH];
	ZyanUSize length = sizeof(jump);
	const ZydisDecodedOperand *operand = &r->operands[0];

	if (r->insn.meta.branch_type != ZYDIS_BRANCH_TYPE_NEAR)
		return relocate_refuse(r, "is a far call");
	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    operand->reg.value == ZYDIS_REGISTER_RSP)
		return relocate_refuse(r, "calls the stack pointer");
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY && operand->mem.base == ZYDIS_REGISTER_EIP)
		return relocate_refuse(r, "calls through an address of 32 bits");
	if (!ZYAN_SUCCESS(ZydisEncoderDecodedInstructionToEncoderRequest(
		    &r->insn, r->operands, r->insn.operand_count_visible, &request)))
		return relocate_refuse(r, "cannot be encoded again");
	request.mnemonic = ZYDIS_MNEMONIC_JMP;
	request.prefixes &= ZYDIS_ATTRIB_HAS_SEGMENT;
	slot_append_push_next(r);
	/* The push has moved the stack pointer that the operand may be relative to. A fault in the
	 * jump's operand must show the call's own state, so this point undoes the push. */
	slot_add_point(r->slot, r->from, sizeof(uint64_t));
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY) {
		ZydisEncoderOperand *memory = &request.operands[0];
		if (memory->mem.base == ZYDIS_REGISTER_RSP)
			memory->mem.displacement += (int64_t)sizeof(uint64_t);
		if (memory->mem.base == ZYDIS_REGISTER_RIP)
			memory->mem.displacement =
				(int64_t)(r->next.value + (uint64_t)operand->mem.disp.value);
	}
	uint64_t here = r->to.value + r->slot->code_bytes;
	if (!ZYAN_SUCCESS(ZydisEncoderEncodeInstructionAbsolute(&request, jump, &length, here)))
		return relocate_refuse(r, "refers to something too far away from any free memory");
	slot_append(r->slot, jump, length);
	r->slot->code_bytes = ARCH_SLOT_BYTES;
	return NULL;
}

static bool is_conditional_jump(const ZydisDecodedInstruction *insn)
{
	bool short_form =
		insn->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && (insn->opcode & 0xf0) == 0x70;
	bool near_form = insn->opcode_map == ZYDIS_OPCODE_MAP_0F && (insn->opcode & 0xf0) == 0x80;
	return short_form || near_form;
}

static struct error *relocate_relative_branch(struct relocation *r)
{
	taddr_t target = taddr_add(r->next, (uint64_t)r->insn.raw.imm[0].value.s);
	struct error *err;

	/* Intel ignores the prefix here, AMD cuts the pc to 16 bits, unless REX.W is there too, as in
	 * the padded calls of __tls_get_addr. */
	if ((r->insn.attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE) && !r->insn.raw.rex.W)
		return relocate_refuse(r, "is a branch with an operand-size prefix");
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_CALL)
		return relocate_call(r, target);
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_JMP)
		return slot_append_jump(r, target);
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_XBEGIN) {
		static const uint8_t xbegin_rel32[] = { 0xc7, 0xf8 };
		err = slot_append_rel32(r, xbegin_rel32, sizeof(xbegin_rel32), target);
	} else if (is_conditional_jump(&r->insn)) {
		uint8_t jcc_rel32[] = { 0x0f, (uint8_t)(0x80 | (r->insn.opcode & 0x0f)) };
		err = slot_append_rel32(r, jcc_rel32, sizeof(jcc_rel32), target);
	} else {
		/* jrcxz and loop have a short form only: over the jump back, to a jump to the target. */
		enum { JMP_REL32_BYTES = 5 };
		slot_append(r->slot, r->code, r->insn.raw.imm[0].offset);
		uint8_t over = JMP_REL32_BYTES;
		slot_append(r->slot, &over, sizeof(over));
		slot_add_point(r->slot, r->next, 0);
		err = slot_append_jump(r, r->next);
		if (err != NULL)
			return err;
		slot_add_point(r->slot, target, 0);
		return slot_append_jump(r, target);
	}
	if (err != NULL)
		return err;
	slot_add_point(r->slot, r->next, 0);
	return slot_append_jump(r, r->next);
}

static struct error *relocate_copy(struct relocation *r)
{
	size_t length = r->insn.length;
	size_t at = r->slot->code_bytes;

	slot_append(r->slot, r->code, length);
	for (int i = 0; i < r->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &r->operands[i];
		/* With an address-size prefix the base is %eip: 32 bits reach everything then. */
		bool is_short = operand->mem.base == ZYDIS_REGISTER_EIP;
		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY ||
		    (operand->mem.base != ZYDIS_REGISTER_RIP && !is_short))
			continue;
		uint64_t data = r->next.value + (uint64_t)operand->mem.disp.value;
		int64_t distance = (int64_t)(data - (r->to.value + at + length));
		if (distance != (int32_t)distance && !is_short)
			return relocate_refuse(
				r, "refers to something too far away from any free memory");
		int32_t disp32 = (int32_t)distance;
		memcpy(r->slot->code + at + r->insn.raw.disp.offset, &disp32, sizeof(disp32));
	}
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_RET || r->insn.mnemonic == ZYDIS_MNEMONIC_JMP)
		return NULL;
	slot_add_point(r->slot, r->next, 0);
	return slot_append_jump(r, r->next);
}

struct error *arch_relocate(const uint8_t *code, size_t bytes, taddr_t from, taddr_t to,
			    struct arch_slot *ret)
{
	ZydisDecoder decoder;
	struct relocation r = { .code = code, .from = from, .to = to, .slot = ret };

	*ret = (struct arch_slot){ 0 };
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, bytes, &r.insn, r.operands)))
		return error_new(ERR_FORMAT, "there is no known instruction at %#lx",
				 (unsigned long)from.value);
	if (r.insn.mnemonic == ZYDIS_MNEMONIC_INT3 || r.insn.mnemonic == ZYDIS_MNEMONIC_INT1)
		return relocate_refuse(&r, "is a breakpoint of the program's own");
	r.next = taddr_add(from, r.insn.length);
	ret->original_bytes = r.insn.length;
	ret->is_syscall = r.insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL;
	slot_add_point(ret, from, 0);
	if (r.insn.raw.imm[0].is_relative)
		return relocate_relative_branch(&r);
	if (r.insn.mnemonic == ZYDIS_MNEMONIC_CALL)
		return relocate_indirect_call(&r);
	return relocate_copy(&r);
}
