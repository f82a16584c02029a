/* aarch64: the counter of the generic timer (arch layer); see pad.h. */
#include "tracer/arch/pad.h"

bool arch_has_stable_tsc(void)
{
	return true; /* Arm ARM, D12.1: it counts at one speed, in sleep states too; Linux lets programs read it */
}

uint64_t arch_tsc(void)
{
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}
