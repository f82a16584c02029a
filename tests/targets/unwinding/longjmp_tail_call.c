/* flags: -O2 */
/* longjmp past a function that has led to another by a tail call; then the same calls come again, in the same frames. */
#include <setjmp.h>

#include "expect.h"

static volatile int jumps = 1, sink;
static jmp_buf back;

__attribute__((noipa)) static int second(int x)
{
	usleep(30000);
	if (jumps)
		longjmp(back, 1);
	return x + 1;
}

__attribute__((noipa)) static int first(int x)
{
	return second(x * 2);
}

__attribute__((noipa)) static int around(int x)
{
	sink = first(x);
	return sink + 1;
}

__attribute__((noipa)) static int outermost(int x)
{
	if (setjmp(back) != 0)
		jumps = 0;
	return around(x) + 2;
}

int main(void)
{
	expect("calls outermost 1");
	expect("calls around 1");
	expect("calls around 1 unwound");
	expect("calls first 1");
	expect("calls first 1 unwound");
	expect("calls second 1");
	expect("calls second 1 unwound");
	expect("nested around outermost");
	expect("nested first around");
	expect("nested second first");
	expect("lasts first 0.025 600");
	say("result %d", outermost(3));
	return 0;
}
