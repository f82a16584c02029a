/* longjmp into the middle of probed frames: the outer ones go on and return. */
#include <setjmp.h>

#include "expect.h"

static jmp_buf inner_back, outer_back;

static void throw_to(jmp_buf *back)
{
	longjmp(*back, 1);
}

static int catch_inner(int throw_outer)
{
	if (setjmp(inner_back) == 0)
		throw_to(&inner_back);
	else if (throw_outer)
		throw_to(&outer_back);
	return 5;
}

static int catch_outer(int throw_outer)
{
	if (setjmp(outer_back) == 0)
		return catch_inner(throw_outer);
	return 6;
}

int main(void)
{
	expect("calls throw_to 3 unwound");
	expect("calls catch_inner 1");
	expect("calls catch_inner 1 unwound");
	expect("calls catch_outer 2");
	expect("levels throw_to 2 2");
	expect("nested throw_to catch_inner");
	expect("nested catch_inner catch_outer");
	int stays = catch_outer(0);
	say("stays %d, leaves %d", stays, catch_outer(1));
	return 0;
}
