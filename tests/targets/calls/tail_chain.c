/* flags: -O2 */
/* A chain of 100,000 tail calls in one frame: what is kept for it must not grow with the chain. */
#include "expect.h"

static volatile int steps;

static int is_odd(int n);

__attribute__((noipa)) static int is_even(int n)
{
	steps++;
	return n == 0 ? 1 : is_odd(n - 1);
}

__attribute__((noipa)) static int is_odd(int n)
{
	steps++;
	return n == 0 ? 0 : is_even(n - 1);
}

int main(void)
{
	expect("calls is_even 50001 any");
	expect("calls is_odd 50000 any");
	int even = is_even(100000);
	say("even %d after %d steps", even, steps);
	return 0;
}
