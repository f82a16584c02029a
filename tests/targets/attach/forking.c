/* flags: -pthread */
/*
 * A program with two threads, one of which forks all the time. Each child makes CALLS calls, with pauses,
 * and ends. Says "ready PID"; SIGUSR1 ends it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 150, PAUSE_US = 2000, FORKED_EVERY_US = 5000 };
static volatile sig_atomic_t is_told;

static long leaf(long x)
{
	return x + 1;
}

static void on_usr1(int signal)
{
	is_told = signal;
}

static void *idle(void *argument)
{
	pause();
	return argument;
}

static void child(void)
{
	long x = 0;
	while (x < CALLS) {
		x = leaf(x);
		usleep(PAUSE_US);
	}
	_exit(0);
}

int main(void)
{
	pthread_t thread;
	signal(SIGUSR1, on_usr1);
	pthread_create(&thread, NULL, idle, NULL);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (!is_told) {
		if (fork() == 0)
			child();
		usleep(FORKED_EVERY_US);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	while (wait(NULL) > 0)
		;
	return 3;
}
