/* SIGTRAP is ignored: still ignored after probed calls, and raise(SIGTRAP) does nothing. */
#include <signal.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	expect("calls leaf 20");
	signal(SIGTRAP, SIG_IGN);
	int sum = 0;
	for (int i = 0; i < 20; i++) {
		sum = leaf(sum);
		raise(SIGTRAP);
	}
	struct sigaction action;
	sigaction(SIGTRAP, NULL, &action);
	say("sum %d, ignored %d", sum, action.sa_handler == SIG_IGN);
	return 0;
}
