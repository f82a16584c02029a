/*
 * longjmp out of three probed frames, then an ordinary call as evidence that they are gone. What
 * follows deep() in main is reached by a return only; longjmp_joined.c is the other case.
 */
#include <setjmp.h>

#include "expect.h"

static jmp_buf back;

static void deepest(int x)
{
	longjmp(back, x);
}

static void deeper(int x)
{
	deepest(x + 1);
}

static void deep(int x)
{
	deeper(x + 1);
}

static int afterwards(int x)
{
	return x * 2;
}

int main(void)
{
	expect("calls deep 1 unwound");
	expect("calls deeper 1 unwound");
	expect("calls deepest 1 unwound");
	expect("calls afterwards 1");
	expect("levels deepest 2 2");
	expect("levels afterwards 0 0");
	int thrown = setjmp(back);
	if (thrown == 0) {
		deep(1);
		say("never said");
	}
	say("thrown %d, after %d", thrown, afterwards(thrown));
	return 0;
}
