/*
 * Counts SIGINT and SIGTERM while inside nested calls, until SIGUSR1. It says "ready PID" once its
 * handlers stand, and a line for each signal. usage: waits_for_signals [default]: no handlers.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t interrupts, terminations, done;

static void handler(int signal)
{
	if (signal == SIGINT) {
		interrupts++;
		dprintf(STDOUT_FILENO, "got SIGINT\n");
	} else if (signal == SIGTERM) {
		terminations++;
		dprintf(STDOUT_FILENO, "got SIGTERM\n");
	} else {
		done = 1;
	}
}

static void waits_inside(const sigset_t *while_waiting)
{
	while (!done)
		sigsuspend(while_waiting);
}

static void waits_around(const sigset_t *while_waiting)
{
	waits_inside(while_waiting);
}

int main(int argc, char **argv)
{
	(void)argv;
	static const int signals[] = { SIGINT, SIGTERM, SIGUSR1 };
	sigset_t blocked, before;
	sigemptyset(&blocked);
	for (int i = 0; i < 3; i++)
		sigaddset(&blocked, signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	for (int i = argc > 1 ? 2 : 0; i < 3; i++)
		signal(signals[i], handler);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	waits_around(&before);
	printf("SIGINT %d, SIGTERM %d\n", (int)interrupts, (int)terminations);
	return 7;
}
