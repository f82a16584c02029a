/*
 * The code after a call that is thrown past is reached all the same, by the way around the call:
 * for who only sees the pc and the stack, the call came back. Its time is right in any case.
 */
#include <setjmp.h>

#include "expect.h"

static jmp_buf back;

static void throws(int x)
{
	longjmp(back, x);
}

static void passes_by(int x)
{
	throws(x + 1);
}

static int afterwards(int x)
{
	return x * 2;
}

int main(void)
{
	volatile int sum = 0;
	expect("calls passes_by 25 ret|unwound");
	expect("calls throws 25 unwound");
	expect("calls afterwards 25");
	expect("levels afterwards 0 0");
	for (volatile int i = 0; i < 25; i++) {
		int thrown = setjmp(back);
		if (thrown == 0)
			passes_by(i);
		sum += afterwards(thrown);
	}
	say("sum %d", sum);
	return 0;
}
