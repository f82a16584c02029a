/* Recursion 1000 deep: one site, 1000 calls open at once. */
#include "expect.h"

static long sum_to(long n)
{
	return n == 0 ? 0 : n + sum_to(n - 1);
}

int main(void)
{
	expect("calls sum_to 1000");
	expect("levels sum_to 0 999");
	say("sum %ld", sum_to(999));
	return 0;
}
