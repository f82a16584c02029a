/*
 * Its signal handlers run with SIGTRAP blocked, which their masks say (sigaction(2), sa_mask), and call a function: that
 * of SIGUSR2 blocks all, that of SIGALRM SIGTRAP only, and in that of SIGHUP comes a SIGUSR2 before the call. Says
 * "ready PID", and "handled" after each. SIGUSR1 tells it to call the function outside of handlers, and to end. Exit
 * status 0: every result was right.
 */
#include <signal.h>
#include <unistd.h>

#include "expect.h"

enum { CALLS_AT_LAST = 10 };

static volatile sig_atomic_t is_told, wrong;

__attribute__((noinline)) int adds_one(int to)
{
	__asm__ volatile("" : "+r"(to));
	return to + 1;
}

static void try_it(void)
{
	wrong += adds_one(wrong) != wrong + 1;
}

static void on_usr1(int signal)
{
	is_told = signal;
}

static void calls(int signal)
{
	if (signal == SIGHUP)
		raise(SIGUSR2);
	try_it();
	say("handled");
}

static void handle(int signal, void (*handler)(int), int flags, const sigset_t *mask)
{
	const struct sigaction action = { .sa_handler = handler,
					  .sa_flags = flags,
					  .sa_mask = *mask };

	sigaction(signal, &action, NULL);
}

int main(void)
{
	sigset_t none, trap, all, all_but_usr2;

	sigemptyset(&none);
	sigemptyset(&trap);
	sigaddset(&trap, SIGTRAP);
	sigfillset(&all);
	sigfillset(&all_but_usr2);
	sigdelset(&all_but_usr2, SIGUSR2);
	handle(SIGUSR1, on_usr1, 0, &none);
	handle(SIGUSR2, calls, 0, &all);
	handle(SIGALRM, calls, SA_NODEFER, &trap);
	handle(SIGHUP, calls, 0, &all_but_usr2);
	say("ready %d", getpid());
	while (!is_told)
		usleep(1000);
	for (int i = 0; i < CALLS_AT_LAST; i++)
		try_it();
	say("%d wrong", (int)wrong);
	return wrong > 0;
}
