/*
 * A handler that has interrupted a probed function in front of its first instruction forks. The child
 * returns there, too. Where its parent has hit the entry before the signal, the child has a copy of that call, and
 * begins none; where the signal came first (a pad has recorded nothing yet), parent and child both begin it. So each
 * child has one call.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>

#include "expect.h"

enum { CALLS = 4000, FORKS_MAX = 20 };
static volatile sig_atomic_t forks, is_child;

static long leaf(long x)
{
	return x + 1;
}

static void set_timer(long usec)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ { 0, usec }, { 0, usec } }, NULL);
}

static void on_alarm(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *interrupted = context;
	(void)signal;
	(void)info;
	if ((uintptr_t)interrupted->uc_mcontext.gregs[REG_RIP] != (uintptr_t)leaf || is_child ||
	    forks == FORKS_MAX)
		return;
	forks++;
	if (fork() == 0) {
		is_child = 1;
		set_timer(0);
	}
}

int main(void)
{
	expect("probe leaf");
	expect("in_main leaf %d", CALLS);
	expect("in_each_child leaf 1");
	struct sigaction action = { .sa_sigaction = on_alarm, .sa_flags = SA_SIGINFO };
	sigaction(SIGALRM, &action, NULL);
	set_timer(1000);
	long x = 0;
	for (int i = 0; i < CALLS && !is_child; i++)
		x = leaf(x);
	if (is_child)
		_exit(0);
	set_timer(0);
	while (wait(NULL) > 0)
		;
	say("x %ld", x);
	return 0;
}
