/* flags: -pthread */
/* Threads that make threads without end, while one ends the process or execs; thirty children. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void *end_thread(void *argument)
{
	leaf(1);
	return argument;
}

static void *birth_thread(void *argument)
{
	for (;;) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, end_thread, NULL) == 0)
			pthread_join(thread, NULL);
	}
	return argument;
}

static void ends_while_bearing(int round)
{
	pthread_t thread;
	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, birth_thread, NULL);
	usleep(300 + (useconds_t)(random() % 4000));
	if (round % 3 == 0)
		execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
	if (round % 3 == 1)
		*(volatile int *)16 = 1;
	_exit(7);
}

int main(void)
{
	int sum = 0, killed = 0;
	expect("probe leaf");
	expect("calls ends_while_bearing 30 exit|exec");
	expect("processes 31");
	srandom(5);
	for (int i = 0; i < 30; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			ends_while_bearing(i);
		waitpid(child, &status, 0);
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 0;
		killed += WIFSIGNALED(status) && WTERMSIG(status) == 11;
	}
	say("sum %d, killed %d", sum, killed);
	return 0;
}
