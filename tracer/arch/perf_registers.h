/*
 * The registers of a thread as the kernel writes them into a sample of perf_event_open(2) (arch layer).
 */
#ifndef ARCH_PERF_REGISTERS_H
#define ARCH_PERF_REGISTERS_H

#include <stdint.h>

#include "tracer/arch/arch.h"

/* What to ask for: sample_regs_user. A sample then has one word for each bit that is set, lowest bit first. */
uint64_t arch_perf_register_mask(void);

/* The abi word (enum perf_sample_regs_abi) of a thread whose stack can be unwound. */
uint64_t arch_perf_register_abi(void);

/* The words of a sample, as arch_dwarf_registers has them. */
void arch_perf_dwarf_registers(const uint64_t words[ARCH_DWARF_REGISTERS],
			       uint64_t ret[ARCH_DWARF_REGISTERS]);

#endif
