/* Two functions that call each other, neither as a tail call. */
#include "expect.h"

static int odd_steps(int n);

static int even_steps(int n)
{
	return n == 0 ? 0 : 1 + odd_steps(n - 1);
}

static int odd_steps(int n)
{
	return n == 0 ? 0 : 1 + even_steps(n - 1);
}

int main(void)
{
	expect("calls even_steps 151");
	expect("calls odd_steps 150");
	expect("levels even_steps 0 300");
	expect("levels odd_steps 1 299");
	expect("nested odd_steps even_steps");
	say("steps %d", even_steps(300));
	return 0;
}
