/* flags: -pthread */
/* One thread ends the process, or execs, while two others fork; a hundred children. None is left over. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void *fork_thread(void *argument)
{
	for (;;) {
		pid_t child = fork();
		if (child == 0)
			_exit(leaf(1));
		waitpid(child, NULL, 0);
	}
	return argument;
}

static void ends_while_forking(int round)
{
	pthread_t thread;
	for (int i = 0; i < 2; i++)
		pthread_create(&thread, NULL, fork_thread, NULL);
	usleep(500 + (useconds_t)(random() % 6000));
	if (round % 2)
		execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
	_exit(7);
}

int main(void)
{
	int alive[2], sum = 0;
	char byte;
	expect("probe leaf");
	expect("calls ends_while_forking 100 exit|exec");
	if (pipe(alive) != 0)
		return 1;
	srandom(5);
	for (int i = 0; i < 100; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			ends_while_forking(i);
		waitpid(child, &status, 0);
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	close(alive[1]);
	/* The end of the pipe: all grandchildren have ended. */
	say("sum %d, then %zd", sum, read(alive[0], &byte, 1));
	return 0;
}
