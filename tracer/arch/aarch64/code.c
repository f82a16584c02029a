/* aarch64: what code looks like: the trap, calls, jumps of a PLT, the signal trampoline (arch layer). */
#include "tracer/arch/arch.h"

#include <string.h>

/* brk #0. The pc stays at it when it has been executed. */
const uint8_t arch_trap_insn[] = { 0x00, 0x00, 0x20, 0xd4 };
const size_t arch_trap_insn_bytes = sizeof(arch_trap_insn);

/* Instructions are words, little-endian whatever data are (Arm ARM, B2.6.2). Names: Arm ARM, C6.2. */
enum { INSN_BYTES = 4 };
static const uint32_t BL_MASK = 0xfc000000, BL = 0x94000000, BLR_MASK = 0xfffffc1f,
		      BLR = 0xd63f0000, BLRA_MASK = 0xfefff800, BLRA = 0xd63f0800;

void arch_trap(void)
{
	__asm__ volatile("brk #0");
}

taddr_t arch_trap_pc(taddr_t site)
{
	return site;
}

taddr_t arch_trap_site(taddr_t pc)
{
	return pc;
}

static uint32_t insn_at(const uint8_t *code)
{
	return (uint32_t)code[0] | (uint32_t)code[1] << 8 | (uint32_t)code[2] << 16 |
	       (uint32_t)code[3] << 24;
}

/* The @bits bits of @insn from @shift on, with their sign. */
static int64_t signed_field(uint32_t insn, unsigned shift, unsigned bits)
{
	return (int64_t)((uint64_t)insn << (64 - shift - bits)) >> (64 - bits);
}

bool arch_ends_with_call(const uint8_t *before, size_t bytes)
{
	if (bytes < INSN_BYTES)
		return false;
	const uint32_t insn = insn_at(before + bytes - INSN_BYTES);
	return (insn & BL_MASK) == BL || (insn & BLR_MASK) == BLR ||
	       (insn & BLRA_MASK) == BLRA; /* blraa, blrab, blraaz, blrabz */
}

bool arch_is_sigreturn(const uint8_t *code, size_t bytes)
{
	/* mov x8, #139 (__NR_rt_sigreturn); svc #0: __kernel_rt_sigreturn of the vDSO. */
	static const uint8_t trampoline[] = { 0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4 };

	return bytes >= sizeof(trampoline) && memcmp(code, trampoline, sizeof(trampoline)) == 0;
}

size_t arch_calls_before(const uint8_t *code, size_t bytes, taddr_t return_address,
			 struct arch_call ret[ARCH_CALLS_BEFORE_MAX])
{
	if (bytes < INSN_BYTES)
		return 0;
	const uint32_t insn = insn_at(code + bytes - INSN_BYTES);
	if ((insn & BL_MASK) != BL)
		return 0;
	const int64_t distance = signed_field(insn, 0, 26) * INSN_BYTES;
	ret[0] = (struct arch_call){
		taddr_add(return_address, (uint64_t)distance - INSN_BYTES),
		false,
	};
	return 1;
}

bool arch_jump_slot(const uint8_t *code, size_t bytes, taddr_t at, taddr_t *ret)
{
	/* bti c, perhaps; adrp x16, SLOT; ldr x17, [x16, #SLOT]: what an entry of a PLT begins with. */
	static const uint32_t BTI_C = 0xd503245f, ADRP_MASK = 0x9f00001f, ADRP_X16 = 0x90000010,
			      LDR_MASK = 0xffc003ff, LDR_X17_X16 = 0xf9400211;
	static const uint64_t ADRP_PAGE_BYTES = 4096;
	size_t i = 0;

	if (bytes >= INSN_BYTES && insn_at(code) == BTI_C)
		i += INSN_BYTES;
	if (i + (size_t)2 * INSN_BYTES > bytes)
		return false;
	const uint32_t adrp = insn_at(code + i), ldr = insn_at(code + i + INSN_BYTES);
	if ((adrp & ADRP_MASK) != ADRP_X16 || (ldr & LDR_MASK) != LDR_X17_X16)
		return false;
	const int64_t pages = signed_field(adrp, 5, 19) * 4 + (adrp >> 29 & 3);
	const uint64_t page = (at.value + i) & ~(ADRP_PAGE_BYTES - 1);
	*ret = taddr(page + (uint64_t)pages * ADRP_PAGE_BYTES + (uint64_t)(ldr >> 10 & 0xfff) * 8);
	return true;
}
