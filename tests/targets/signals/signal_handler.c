/* A probed signal handler on the ordinary stack: it returns to the kernel's restorer. */
#include <signal.h>

#include "expect.h"

static volatile int handled;

static int helper(int x)
{
	return x + 1;
}

static void handler(int signal)
{
	(void)signal;
	handled = helper(handled);
}

static void raises(void)
{
	raise(SIGUSR1);
}

int main(void)
{
	expect("calls handler 100");
	expect("calls helper 100");
	expect("calls raises 100");
	expect("nested helper handler");
	expect("nested handler raises");
	signal(SIGUSR1, handler);
	for (int i = 0; i < 100; i++)
		raises();
	say("handled %d", handled);
	return 0;
}
