/* x86-64: the clock that jump pads read (arch layer). The one file here that asks the kernel and the CPU. */
#include "tracer/arch/pad.h"

#include <cpuid.h>
#include <sys/prctl.h>
#include <x86intrin.h>

bool arch_has_stable_tsc(void)
{
	/* AMD's and Intel's manuals: Advanced Power Management Information, EDX, TscInvariant. */
	enum { INVARIANT_TSC = 1 << 8 };
	const unsigned power_leaf = 0x80000007;
	unsigned eax, ebx, ecx, edx;
	int mode = 0;

	if (!__get_cpuid(power_leaf, &eax, &ebx, &ecx, &edx) || !(edx & INVARIANT_TSC))
		return false;
	return prctl(PR_GET_TSC, &mode) == 0 && mode == PR_TSC_ENABLE;
}

uint64_t arch_tsc(void)
{
	return __rdtsc();
}
