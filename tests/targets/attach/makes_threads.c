/* flags: -pthread */
/*
 * makes_threads WAY: makes one thread after the other, and looks whether it and they block SIGTRAP, which they do only where
 * all signals are (blocked). SIGUSR1 ends it, 1 if it was not so.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t is_told;
static bool is_blocked, differed;

__attribute__((noinline)) long leaf(long x)
{
	return x + 1;
}

static void end(int signal)
{
	(void)signal;
	is_told = 1;
}

static void check(const char *who)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (sigismember(&mask, SIGTRAP) != is_blocked && !differed) {
		differed = true;
		dprintf(1, "%s: %s\n", who, is_blocked ? "not blocked" : "blocked");
	}
}

static void *run(void *argument)
{
	long *x = argument;

	for (int i = 0; i < 3; i++) {
		*x = leaf(*x);
		check("a thread");
	}
	return NULL;
}

int main(int argc, char **argv)
{
	sigset_t all;
	pthread_t thread;
	long x = 0;

	signal(SIGUSR1, end);
	is_blocked = argc > 1 && strcmp(argv[1], "blocked") == 0;
	if (is_blocked) {
		sigfillset(&all);
		sigdelset(&all, SIGUSR1);
		pthread_sigmask(SIG_SETMASK, &all, NULL);
	}
	dprintf(1, "ready\n");
	while (!is_told) {
		pthread_create(&thread, NULL, run, &x);
		pthread_join(thread, NULL);
		x = leaf(x);
		check("main");
	}
	return differed;
}
