/* exit() inside nested probed functions. */
#include <stdlib.h>

#include "expect.h"

static void innermost(int status)
{
	exit(status);
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
	within(before(76));
	return 1;
}
