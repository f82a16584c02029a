/* flags: -pthread */
/* Children with threads that call, fork and wait are killed by a SIGKILL after random times. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "expect.h"

static int inside[2];

static int leaf(int x)
{
	return x + 1;
}

static void *call_thread(void *argument)
{
	for (volatile int x = 0;;)
		x = leaf(x);
	return argument;
}

static void forks_without_end(void)
{
	pthread_t thread;
	if (write(inside[1], "i", 1) != 1)
		return;
	for (int i = 0; i < 2; i++)
		pthread_create(&thread, NULL, call_thread, NULL);
	for (;;) {
		pid_t child = fork();
		if (child == 0)
			_exit(leaf(1));
		waitpid(child, NULL, 0);
	}
}

int main(void)
{
	int killed = 0;
	char byte;
	expect("probe leaf");
	expect("calls forks_without_end 12 exit");
	if (pipe(inside) != 0)
		return 1;
	srandom(41);
	for (int i = 0; i < 12; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			forks_without_end();
		if (read(inside[0], &byte, 1) != 1)
			return 1;
		usleep((useconds_t)(random() % 20000));
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	}
	say("killed %d", killed);
	return 0;
}
