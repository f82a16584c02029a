/* flags: -pthread */
/* One thread execs, one ends the process and one its own thread, at the same time; thirty children. */
#include <pthread.h>
#include <sys/wait.h>

#include "expect.h"

static pthread_barrier_t barrier;

static int leaf(int x)
{
	return x + 1;
}

static void *exit_thread(void *argument)
{
	pthread_barrier_wait(&barrier);
	leaf(1);
	_exit(0);
	return argument;
}

static void *end_thread(void *argument)
{
	pthread_barrier_wait(&barrier);
	leaf(2);
	return argument;
}

static void races(void)
{
	pthread_t thread;
	pthread_barrier_init(&barrier, NULL, 3);
	pthread_create(&thread, NULL, exit_thread, NULL);
	pthread_create(&thread, NULL, end_thread, NULL);
	pthread_barrier_wait(&barrier);
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}

int main(void)
{
	int wrong = 0;
	expect("probe leaf");
	expect("calls races 30 exec|exit");
	expect("processes 31");
	for (int i = 0; i < 30; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			races();
		waitpid(child, &status, 0);
		wrong += status != 0;
	}
	say("wrong %d", wrong);
	return 0;
}
