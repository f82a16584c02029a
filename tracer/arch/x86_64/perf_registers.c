/* x86-64: registers in samples of perf_event_open(2); see perf_registers.h. Arch layer. */
#include "tracer/arch/perf_registers.h"

#include <stddef.h>

#include <asm/perf_regs.h>
#include <linux/perf_event.h>

/* By DWARF numbers. */
static const uint8_t perf_numbers[ARCH_DWARF_REGISTERS] = {
	PERF_REG_X86_AX,  PERF_REG_X86_DX,  PERF_REG_X86_CX,  PERF_REG_X86_BX,	PERF_REG_X86_SI,
	PERF_REG_X86_DI,  PERF_REG_X86_BP,  PERF_REG_X86_SP,  PERF_REG_X86_R8,	PERF_REG_X86_R9,
	PERF_REG_X86_R10, PERF_REG_X86_R11, PERF_REG_X86_R12, PERF_REG_X86_R13, PERF_REG_X86_R14,
	PERF_REG_X86_R15, PERF_REG_X86_IP,
};

uint64_t arch_perf_register_mask(void)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < ARCH_DWARF_REGISTERS; i++)
		mask |= UINT64_C(1) << perf_numbers[i];
	return mask;
}

uint64_t arch_perf_register_abi(void)
{
	return PERF_SAMPLE_REGS_ABI_64;
}

void arch_perf_dwarf_registers(const uint64_t words[ARCH_DWARF_REGISTERS],
			       uint64_t ret[ARCH_DWARF_REGISTERS])
{
	const uint64_t mask = arch_perf_register_mask();

	for (size_t i = 0; i < ARCH_DWARF_REGISTERS; i++) {
		uint64_t below = mask & ((UINT64_C(1) << perf_numbers[i]) - 1);
		ret[i] = words[__builtin_popcountll(below)];
	}
}
