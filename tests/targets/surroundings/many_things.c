/* flags: -pthread */
/*
 * A little of everything that a recording has to deal with, over in a moment: threads, a handler, a forked
 * child, a vforked one that runs another program, sleep, a pipe. For tests that let calls of ours fail.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

static volatile int handled;

int leaf(int x)
{
	return x + 1;
}

static void handle(int signal)
{
	(void)signal;
	handled += leaf(0);
}

static void *run(void *from_pipe)
{
	char byte = 0;
	long sum = 0;

	if (read(*(int *)from_pipe, &byte, 1) != 1)
		return NULL;
	for (int i = 0; i < 5; i++)
		sum += leaf(byte);
	return (void *)sum;
}

static int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

int main(int argc, char **argv)
{
	static const struct timespec moment = { 0, 12000000 };
	pthread_t threads[2];
	int ends[2];
	long sum = 0;
	void *result;

	(void)argc;
	if (strcmp(argv[0], "again") == 0)
		return leaf(3);
	expect("calls leaf 15 any");
	expect("processes 3");
	signal(SIGTRAP, SIG_IGN);
	signal(SIGUSR1, handle);
	if (pipe(ends) != 0)
		return 1;
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run, &ends[0]);
	raise(SIGUSR1);
	sum += leaf(1);
	pid_t forked = fork();
	if (forked == 0)
		_exit(leaf(leaf(5)));
	sum += 10 * wait_for(forked);
	nanosleep(&moment, NULL);
	pid_t executed = vfork();
	if (executed == 0) {
		execl("/proc/self/exe", "again", (char *)NULL);
		_exit(127);
	}
	sum += 100 * wait_for(executed);
	if (write(ends[1], "ab", 2) != 2)
		return 1;
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], &result);
		sum += 1000 * (long)result;
	}
	raise(SIGTRAP);
	say("handled %d, sum %ld", handled, sum);
	return 7;
}
