/* A fatal illegal instruction inside nested probed functions. */

#include "expect.h"

static void innermost(int status)
{
	if (status == 4)
		__builtin_trap();
}

static void within(int status)
{
	innermost(status);
	say("never said");
}

static int before(int x)
{
	return x;
}

int main(void)
{
	expect("calls innermost 1 exit");
	expect("calls within 1 exit");
	expect("calls before 1");
	expect("levels innermost 1 1");
	expect("processes 1");
	within(before(4));
	return 1;
}
