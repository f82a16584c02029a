/* flags: -pthread */
/* Four threads that call probed functions fork at once; the children call them too. */
#include <pthread.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void *run(void *argument)
{
	int *wrong = argument;
	for (int i = 0; i < 5; i++) {
		int x = leaf(i);
		pid_t child = fork();
		if (child == 0)
			_exit(leaf(x));
		int status = -1;
		waitpid(child, &status, 0);
		*wrong += !WIFEXITED(status) || WEXITSTATUS(status) != i + 2;
	}
	return NULL;
}

int main(void)
{
	expect("calls leaf 40");
	expect("in_children leaf 20");
	expect("processes 21");
	pthread_t threads[4];
	int wrong[4] = { 0 };
	for (int t = 0; t < 4; t++)
		pthread_create(&threads[t], NULL, run, &wrong[t]);
	for (int t = 0; t < 4; t++) {
		pthread_join(threads[t], NULL);
		say("wrong %d", wrong[t]);
	}
	return 0;
}
