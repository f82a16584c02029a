/* exit() called by a probed exit handler's caller: calls open at three places when it ends. */
#include <stdlib.h>

#include "expect.h"

static void handler_exits(void)
{
	_exit(4);
}

static void leaves(void)
{
	exit(3);
}

int main(void)
{
	expect("calls leaves 1 exit");
	expect("calls handler_exits 1 exit");
	expect("levels handler_exits 1 1");
	atexit(handler_exits);
	leaves();
	return 0;
}
