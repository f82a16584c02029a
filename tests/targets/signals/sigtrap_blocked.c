/* SIGTRAP is blocked: stays blocked over probed calls, and one that was sent stays pending. */
#include <signal.h>

#include "expect.h"

static volatile int handled;

static void handler(int signal)
{
	(void)signal;
	handled++;
}

static int leaf(int x)
{
	return x + 1;
}

static void report(const char *when)
{
	sigset_t blocked, pending;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	sigpending(&pending);
	struct sigaction action;
	sigaction(SIGTRAP, NULL, &action);
	say("%s: blocked %d, pending %d, handler kept %d, handled %d", when,
	    sigismember(&blocked, SIGTRAP), sigismember(&pending, SIGTRAP),
	    action.sa_handler == handler, handled);
}

int main(void)
{
	expect("calls leaf 30");
	signal(SIGTRAP, handler);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTRAP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int sum = 0;
	for (int i = 0; i < 10; i++)
		sum = leaf(sum);
	report("before");
	raise(SIGTRAP);
	for (int i = 0; i < 10; i++)
		sum = leaf(sum);
	report("sent");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	for (int i = 0; i < 10; i++)
		sum = leaf(sum);
	report("unblocked");
	say("sum %d", sum);
	return 0;
}
