/*
 * Locks all its memory, present and future, and calls functions until SIGUSR1 comes: from ever new places, for
 * a little while. Says "ready PID" when the memory is locked. usage: memory_locked
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile sig_atomic_t is_over;

static void on_usr1(int signal)
{
	(void)signal;
	is_over = 1;
}

static int leaf(int x)
{
	return x + 1;
}

static int middle(int x)
{
	return leaf(x) + leaf(x + 1);
}

int main(void)
{
	int x = 0;

	signal(SIGUSR1, on_usr1);
	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
		perror("mlockall");
		return 77;
	}
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (!is_over) {
		x = middle(x) & 0xff;
		usleep(1000);
	}
	return 0;
}
