/* flags: -O2 */
/* A function that jumps to another: the two share a frame and one return. */
#include "expect.h"

static volatile int sink;

__attribute__((noipa)) static int callee(int x)
{
	sink = x;
	return x + 1;
}

__attribute__((noipa)) static int jumper(int x)
{
	return callee(x * 2);
}

int main(void)
{
	expect("calls jumper 200 any");
	expect("calls callee 300 any");
	int sum = 0;
	for (int i = 0; i < 200; i++)
		sum += jumper(i);
	for (int i = 0; i < 100; i++)
		sum += callee(i);
	say("sum %d", sum);
	return 0;
}
