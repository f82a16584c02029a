/* flags: -pthread */
/* Four threads exec at one time: one wins, the others are gone; fifteen children. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "expect.h"

static pthread_barrier_t barrier;

static int leaf(int x)
{
	return x + 1;
}

static void *exec_thread(void *argument)
{
	pthread_barrier_wait(&barrier);
	execl("/proc/self/exe", "exec_concurrent", "again", (char *)NULL);
	return argument;
}

static void races(void)
{
	pthread_t thread;
	pthread_barrier_init(&barrier, NULL, 4);
	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, exec_thread, NULL);
	exec_thread(NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	int sum = 0;
	(void)argv;
	if (argc > 1)
		return leaf(1);
	expect("calls leaf 15");
	expect("in_children leaf 15");
	expect("levels leaf 0 0");
	expect("calls races 15 exec|exit");
	expect("processes 16");
	expect("execs 15");
	for (int i = 0; i < 15; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			races();
		waitpid(child, &status, 0);
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	say("sum %d", sum);
	return 0;
}
