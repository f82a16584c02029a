/* flags: -pthread */
/* Threads that all end the process at one time, in twenty children; each is inside a call. */
#include <pthread.h>
#include <sys/wait.h>

#include "expect.h"

static pthread_barrier_t barrier;

static void ends(void)
{
	pthread_barrier_wait(&barrier);
	_exit(7);
}

static void *run(void *argument)
{
	ends();
	return argument;
}

static void starts_threads(void)
{
	pthread_t thread;
	pthread_barrier_init(&barrier, NULL, 5);
	for (int i = 0; i < 4; i++)
		pthread_create(&thread, NULL, run, NULL);
	ends();
}

int main(void)
{
	int sum = 0;
	expect("calls starts_threads 20 exit");
	expect("calls ends 100 exit");
	expect("in_children ends 100");
	expect("processes 21");
	for (int i = 0; i < 20; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			starts_threads();
		waitpid(child, &status, 0);
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	say("sum %d", sum);
	return 0;
}
