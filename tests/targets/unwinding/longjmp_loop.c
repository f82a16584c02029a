/* 1000 times the same frames thrown past: same sites, same frame addresses each time. */
#include <setjmp.h>

#include "expect.h"

static jmp_buf back;

static void thrower(int x)
{
	longjmp(back, x);
}

static void passes_by(int x)
{
	thrower(x + 1);
}

static void marks_the_end(void)
{
}

int main(void)
{
	volatile int sum = 0;
	expect("calls thrower 1000 unwound");
	expect("calls passes_by 1000 unwound");
	expect("calls marks_the_end 1");
	expect("levels passes_by 0 0");
	expect("levels thrower 1 1");
	expect("levels marks_the_end 0 0");
	for (volatile int i = 0; i < 1000; i++) {
		int thrown = setjmp(back);
		if (thrown == 0)
			passes_by(i);
		else
			sum += thrown;
	}
	marks_the_end();
	say("sum %d", sum);
	return 0;
}
