/* main itself is probed; it returns into libc, and a probed exit handler and destructor follow. */
#include <stdlib.h>

#include "expect.h"

static void at_the_end(void)
{
	say("at the end");
}

__attribute__((destructor)) static void last(void)
{
	say("last");
}

__attribute__((constructor)) static void first(void)
{
	say("first");
}

int main(void)
{
	expect("calls main 1");
	expect("calls at_the_end 1");
	expect("calls first 1");
	expect("calls last 1");
	expect("levels last 0 0");
	atexit(at_the_end);
	return 3;
}
