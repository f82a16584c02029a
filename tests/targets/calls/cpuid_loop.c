/* An instruction that leaves a virtual machine, a hundred thousand times between calls and in them. */
#include <cpuid.h>

#include "expect.h"

enum { CALLS = 100, LOOPS = 500 };

static unsigned ask_often(unsigned leaf)
{
	unsigned a, b, c, d, sum = 0;
	for (int i = 0; i < LOOPS; i++) {
		__cpuid_count(leaf, 0, a, b, c, d);
		sum += a & 1;
	}
	return sum;
}

int main(void)
{
	unsigned sum = 0;
	expect("calls ask_often %d", CALLS);
	for (int i = 0; i < CALLS; i++) {
		sum += ask_often(0);
		sum += (unsigned)(i & 1);
	}
	say("%s", sum % 2 == 0 ? "even" : "odd");
	return 0;
}
