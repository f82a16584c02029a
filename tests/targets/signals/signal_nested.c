/* A handler that interrupts itself, one that is used once, and one that sends what it handles. */
#include <signal.h>

#include "expect.h"

static volatile int depth, deepest, once;

static void nests(int signal)
{
	if (++depth > deepest)
		deepest = depth;
	if (depth < 6)
		raise(signal);
	depth--;
}

static void only_once(int signal)
{
	struct sigaction now;
	sigaction(signal, NULL, &now);
	once += now.sa_handler == SIG_DFL;
}

static void again_later(int signal)
{
	static int count;
	if (++count < 5)
		raise(signal); /* blocked: it comes after this one */
}

int main(void)
{
	struct sigaction action = { .sa_handler = nests, .sa_flags = SA_NODEFER };
	expect("calls nests 6");
	expect("levels nests 0 5");
	expect("calls only_once 1");
	expect("calls again_later 5");
	expect("levels again_later 0 0");
	sigaction(SIGUSR1, &action, NULL);
	action = (struct sigaction){ .sa_handler = only_once, .sa_flags = (int)SA_RESETHAND };
	sigaction(SIGUSR2, &action, NULL);
	action = (struct sigaction){ .sa_handler = again_later };
	sigaction(SIGHUP, &action, NULL);
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGHUP);
	say("deepest %d, once %d", deepest, once);
	return 0;
}
