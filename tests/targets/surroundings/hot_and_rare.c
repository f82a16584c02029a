/*
 * Calls one function very often and another one rarely, and says "ready PID". SIGUSR1 ends it: it then says how often
 * it has called each, and whether they have always given what they should. usage: hot_and_rare [child]
 *
 * With child it calls them in a child, too, which has executed this program again.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t is_told;

static void on_usr1(int signal)
{
	(void)signal;
	is_told = 1;
}

static unsigned hot(unsigned x)
{
	unsigned triple = x * 3;
	return triple + 1;
}

static unsigned rare(unsigned x)
{
	unsigned fivefold = x * 5;
	return fivefold + 2;
}

static unsigned work(unsigned x)
{
	enum { ROUNDS = 1000000 };
	for (unsigned i = 0; i < ROUNDS; i++)
		x = x * 1103515245 + 12345;
	return x;
}

int main(int argc, char **argv)
{
	unsigned long hot_calls = 0, rare_calls = 0;
	int has_child = argc > 1 && strcmp(argv[1], "child") == 0, status = 0;
	int is_child = argc > 1 && strcmp(argv[1], "is_child") == 0;
	unsigned wrong = 0;
	pid_t child = 0;

	signal(SIGUSR1, on_usr1);
	printf("%s %d\n", is_child ? "child" : "ready", getpid());
	fflush(stdout);
	while (!is_told) {
		enum { HOT_CALLS = 5000 };
		for (unsigned i = 0; i < HOT_CALLS; i++)
			wrong += hot(i) != 3 * i + 1;
		hot_calls += HOT_CALLS;
		unsigned x = work((unsigned)hot_calls);
		wrong += rare(x) != 5 * x + 2;
		rare_calls++;
	}
	if (has_child) {
		child = fork();
		if (child == 0) {
			execl("/proc/self/exe", argv[0], "is_child", (char *)NULL);
			_exit(1);
		}
		/* The signal that ends it is sent to it by its pid. */
		waitpid(child, &status, 0);
	}
	printf("%s called %lu %lu wrong %u status %d\n", is_child ? "child" : "main", hot_calls,
	       rare_calls, wrong, status);
	return wrong != 0;
}
