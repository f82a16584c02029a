/* Says "ready PID", calls without end in between, says "continued" at each SIGCONT, ends on SIGUSR1. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t done;

static void handler(int signal)
{
	if (signal == SIGCONT)
		dprintf(STDOUT_FILENO, "continued\n");
	else
		done = 1;
}

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static unsigned works(void)
{
	unsigned x = 1;
	while (!done) {
		x = leaf(x);
		usleep(1000);
	}
	return x;
}

int main(void)
{
	signal(SIGCONT, handler);
	signal(SIGUSR1, handler);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	unsigned x = works();
	dprintf(STDOUT_FILENO, "done %d\n", x != 0);
	return 7;
}
