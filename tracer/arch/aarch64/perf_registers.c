/* aarch64: registers in samples of perf_event_open(2); see perf_registers.h. Arch layer. */
#include "tracer/arch/perf_registers.h"

#include <string.h>

#include <asm/perf_regs.h>
#include <linux/perf_event.h>

/* perf numbers them as DWARF does: x0 to x30, sp, pc. */
_Static_assert(PERF_REG_ARM64_SP == (int)MACHINE_REGISTER_SP &&
		       PERF_REG_ARM64_PC == (int)MACHINE_REGISTER_PC,
	       "the words of a sample are in DWARF's order");

uint64_t arch_perf_register_mask(void)
{
	return (UINT64_C(1) << ARCH_DWARF_REGISTERS) - 1;
}

uint64_t arch_perf_register_abi(void)
{
	return PERF_SAMPLE_REGS_ABI_64;
}

void arch_perf_dwarf_registers(const uint64_t words[ARCH_DWARF_REGISTERS],
			       uint64_t ret[ARCH_DWARF_REGISTERS])
{
	memcpy(ret, words, ARCH_DWARF_REGISTERS * sizeof(words[0]));
}
