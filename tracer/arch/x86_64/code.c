/* x86-64: what code looks like: calls, returns, the signal trampoline (arch layer). */
#include "tracer/arch/arch.h"

#include <string.h>

#include <Zydis/Zydis.h>

const bool arch_has_probes = true;

const uint8_t arch_trap_insn[] = { 0xcc }; /* int3 */
const size_t arch_trap_insn_bytes = sizeof(arch_trap_insn);

void arch_trap(void)
{
	__asm__ volatile("int3");
}

taddr_t arch_trap_pc(taddr_t site)
{
	return taddr_add(site, arch_trap_insn_bytes);
}

taddr_t arch_trap_site(taddr_t pc)
{
	return taddr(pc.value - arch_trap_insn_bytes);
}

bool arch_ends_with_call(const uint8_t *before, size_t bytes)
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction insn;

	/* Instruction lengths cannot be read backwards: any call that would end here will do. */
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (size_t length = 2; length <= bytes && length <= ARCH_INSN_BYTES_MAX; length++) {
		const uint8_t *code = before + bytes - length;
		if (ZYAN_SUCCESS(
			    ZydisDecoderDecodeInstruction(&decoder, NULL, code, length, &insn)) &&
		    insn.length == length && insn.mnemonic == ZYDIS_MNEMONIC_CALL)
			return true;
	}
	return false;
}

bool arch_is_sigreturn(const uint8_t *code, size_t bytes)
{
	/* mov $15 (__NR_rt_sigreturn), %rax or %eax; syscall: what glibc, musl and Go use. */
	static const uint8_t with_rax[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	static const uint8_t with_eax[] = { 0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05 };

	return (bytes >= sizeof(with_rax) && memcmp(code, with_rax, sizeof(with_rax)) == 0) ||
	       (bytes >= sizeof(with_eax) && memcmp(code, with_eax, sizeof(with_eax)) == 0);
}

static enum arch_flow flow_of(const ZydisDecodedInstruction *insn)
{
	const bool has_target = insn->raw.imm[0].is_relative;

	switch (insn->meta.category) {
	case ZYDIS_CATEGORY_RET:
		return ARCH_FLOW_RETURN;
	case ZYDIS_CATEGORY_COND_BR:
		return has_target ? ARCH_FLOW_BRANCH : ARCH_FLOW_FALLTHROUGH;
	case ZYDIS_CATEGORY_UNCOND_BR: /* jmp, and xabort, which has an effect in a transaction alone */
		if (insn->mnemonic != ZYDIS_MNEMONIC_JMP)
			return ARCH_FLOW_FALLTHROUGH;
		return has_target ? ARCH_FLOW_JUMP : ARCH_FLOW_INDIRECT;
	default:
		break;
	}
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_INT3:
		return ARCH_FLOW_TRAP;
	default:
		return ARCH_FLOW_FALLTHROUGH;
	}
}

static bool enters_kernel(const ZydisDecodedInstruction *insn)
{
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_SYSCALL:
	case ZYDIS_MNEMONIC_SYSENTER:
	case ZYDIS_MNEMONIC_INT:
	case ZYDIS_MNEMONIC_INT1:
	case ZYDIS_MNEMONIC_INT3:
		return true;
	default:
		return false;
	}
}

/* Its operands, if it has one in memory, are in its ModRM byte. */
static bool has_plain_operands(const ZydisDecodedInstruction *insn)
{
	if (insn->mnemonic == ZYDIS_MNEMONIC_LEA || insn->mnemonic == ZYDIS_MNEMONIC_ENDBR64)
		return true;
	switch (insn->meta.category) {
	case ZYDIS_CATEGORY_BINARY:
	case ZYDIS_CATEGORY_CMOV:
	case ZYDIS_CATEGORY_CONVERT:
	case ZYDIS_CATEGORY_LOGICAL:
	case ZYDIS_CATEGORY_NOP:
	case ZYDIS_CATEGORY_ROTATE:
	case ZYDIS_CATEGORY_SETCC:
	case ZYDIS_CATEGORY_SHIFT:
	case ZYDIS_CATEGORY_WIDENOP:
		return true;
	case ZYDIS_CATEGORY_DATAXFER: /* some have an address, or rbx, of their own */
		return (insn->attributes & ZYDIS_ATTRIB_HAS_MODRM) || insn->raw.imm[0].size != 0;
	default:
		return false;
	}
}

/* What lies so near to them has been used already, or is about to be. */
static bool is_near_stack(const ZydisDecodedInstruction *insn)
{
	enum { RM_SIB = 4, RM_RBP = 5, BASE_RSP = 4, INDEX_NONE = 4, DISPLACEMENT_BITS = 8 };
	const bool has_extension =
		insn->raw.rex.B != 0 || insn->raw.vex.offset != 0 || insn->raw.evex.offset != 0;

	if (has_extension || insn->raw.disp.size > DISPLACEMENT_BITS)
		return false;
	if (insn->raw.modrm.rm == RM_RBP)
		return insn->raw.modrm.mod != 0;
	return insn->raw.modrm.rm == RM_SIB && insn->raw.sib.base == BASE_RSP &&
	       insn->raw.sib.index == INDEX_NONE && insn->raw.rex.X == 0;
}

static bool is_quiet(const ZydisDecodedInstruction *insn)
{
	enum { MOD_REGISTER = 3 };
	const bool has_segment = (insn->attributes & ZYDIS_ATTRIB_HAS_SEGMENT) != 0;

	if (!has_plain_operands(insn) || has_segment)
		return false;
	if (!(insn->attributes & ZYDIS_ATTRIB_HAS_MODRM) || insn->raw.modrm.mod == MOD_REGISTER ||
	    insn->mnemonic == ZYDIS_MNEMONIC_LEA || insn->mnemonic == ZYDIS_MNEMONIC_NOP)
		return true;
	return is_near_stack(insn);
}

/* lea disp(%rip), and mov of at least 32 bits of a constant. */
static taddr_t constant_of(const ZydisDecodedInstruction *insn, taddr_t next)
{
	enum { RM_IS_RIP = 5 };

	if (insn->mnemonic == ZYDIS_MNEMONIC_LEA && insn->raw.modrm.mod == 0 &&
	    insn->raw.modrm.rm == RM_IS_RIP)
		return taddr_add(next, (uint64_t)insn->raw.disp.value);
	if (insn->mnemonic == ZYDIS_MNEMONIC_MOV && insn->raw.imm[0].size >= 32)
		return taddr(insn->raw.imm[0].value.u);
	return taddr(0);
}

/*
 * -fsanitize=function of clang 6 to 16: jmp .+8, 'v', '2', and the distance to the type (getUBSanFunctionSignature).
 * Later ones have theirs in front of the function.
 */
size_t arch_type_mark(const uint8_t *code, size_t bytes)
{
	static const uint8_t signature[] = { 0xeb, 0x06, 'v', '2' };
	const size_t mark_bytes = sizeof(signature) + sizeof(uint32_t);

	return bytes >= mark_bytes && memcmp(code, signature, sizeof(signature)) == 0 ? mark_bytes
										      : 0;
}

bool arch_decode(const uint8_t *code, size_t bytes, taddr_t address, struct arch_insn *ret)
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction insn;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code, bytes, &insn)))
		return false;
	*ret = (struct arch_insn){
		.bytes = insn.length,
		.is_call = insn.meta.category == ZYDIS_CATEGORY_CALL,
		.is_padding = insn.mnemonic == ZYDIS_MNEMONIC_NOP,
		.is_call_mark = insn.mnemonic == ZYDIS_MNEMONIC_ENDBR64,
		.is_quiet = is_quiet(&insn),
		.enters_kernel = enters_kernel(&insn),
		.flow = flow_of(&insn),
		.constant = constant_of(&insn, taddr_add(address, insn.length)),
	};
	if (ret->flow == ARCH_FLOW_BRANCH || ret->flow == ARCH_FLOW_JUMP)
		ret->target = taddr_add(address, insn.length + (uint64_t)insn.raw.imm[0].value.s);
	if (ret->flow == ARCH_FLOW_RETURN && insn.raw.imm[0].size == 16) /* ret imm16 */
		ret->popped_bytes = (uint16_t)insn.raw.imm[0].value.u;
	return true;
}
