/* variants: plain joined loop */
/* longjmp out of probed frames, then ordinary calls as evidence that they are gone. */
#include <setjmp.h>
#include <string.h>

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

static void outermost(int x)
{
	passes_by(x + 1);
}

static int afterwards(int x)
{
	return x * 2;
}

/* What follows the call is reached by a return only. */
static void plain(void)
{
	expect("calls outermost 1 unwound");
	expect("calls passes_by 1 unwound");
	expect("calls throws 1 unwound");
	expect("calls afterwards 1");
	expect("levels throws 2 2");
	expect("levels afterwards 0 0");
	int thrown = setjmp(back);
	if (thrown == 0) {
		outermost(1);
		say("never said");
	}
	say("thrown %d, after %d", thrown, afterwards(thrown));
}

/*
 * The code after the call is reached all the same, by the way around the call: by the pc and the
 * stack alone, the call came back. Its time is right in any case.
 */
static void joined(void)
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
}

/* 1000 times the same frames thrown past: same sites, same frame addresses each time. */
static void loop(void)
{
	volatile int sum = 0;
	expect("calls throws 1000 unwound");
	expect("calls passes_by 1000 unwound");
	expect("calls afterwards 1");
	expect("levels passes_by 0 0");
	expect("levels throws 1 1");
	expect("levels afterwards 0 0");
	for (volatile int i = 0; i < 1000; i++) {
		int thrown = setjmp(back);
		if (thrown == 0)
			passes_by(i);
		else
			sum += thrown;
	}
	say("sum %d, after %d", sum, afterwards(sum));
}

int main(int argc, char **argv)
{
	const char *variant = argc > 1 ? argv[1] : "plain";
	if (strcmp(variant, "joined") == 0)
		joined();
	else if (strcmp(variant, "loop") == 0)
		loop();
	else
		plain();
	return 0;
}
