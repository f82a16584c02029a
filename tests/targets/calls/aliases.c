/* Two names at one address: a call is one call, under the name that was asked for. */
#include "expect.h"

int first_name(int x);
int other_name(int x) __attribute__((alias("first_name")));

int first_name(int x)
{
	return x + 1;
}

int main(void)
{
	expect("calls other_name 5");
	int sum = 0;
	for (int i = 0; i < 3; i++)
		sum = first_name(sum);
	for (int i = 0; i < 2; i++)
		sum = other_name(sum);
	say("sum %d", sum);
	return 0;
}
