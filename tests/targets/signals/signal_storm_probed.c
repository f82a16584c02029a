/* A timer's probed handler interrupts probed calls at any place; the handler counts itself. */
#include <signal.h>
#include <sys/time.h>

#include "expect.h"

static volatile int handled;

static void handler(int number)
{
	(void)number;
	/* Ignoring it drops one that is pending: there are exactly 50. */
	if (++handled == 50)
		signal(SIGALRM, SIG_IGN);
}

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

int main(void)
{
	signal(SIGALRM, handler);
	struct itimerval timer = { .it_interval = { .tv_usec = 2000 },
				   .it_value = { .tv_usec = 2000 } };
	setitimer(ITIMER_REAL, &timer, NULL);
	unsigned x = 1;
	int calls = 0;
	while (handled < 50) {
		if (calls < 3000) {
			x = leaf(x);
			calls++;
		} else {
			usleep(500);
		}
	}
	/* How many calls the 50 signals took depends on the speed: go on to a fixed number. */
	for (; calls < 4000; calls++)
		x = leaf(x);
	expect("calls leaf 4000");
	expect("calls handler 50");
	say("calls %d, handled %d", calls, handled);
	return 0;
}
