/*
 * What the recordings in this folder are of: calls that grow and give back, a child, marks, and a function that is
 * called so often that its calls are condensed. See README.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mprof_mark.h"

static char *volatile kept;

__attribute__((noinline)) void load(size_t bytes)
{
	kept = malloc(bytes);
	memset(kept, 1, bytes);
	usleep(120000);
}

__attribute__((noinline)) void drop(void)
{
	free(kept);
	usleep(60000);
}

__attribute__((noinline)) void tick(void)
{
	usleep(1000);
}

__attribute__((noinline)) void child_work(void)
{
	load(4 << 20);
}

int main(void)
{
	load(8 << 20);
	MPROF_MARK("half");
	pid_t child = fork();
	if (child == 0) {
		child_work();
		_exit(3);
	}
	waitpid(child, NULL, 0);
	for (int i = 0; i < 30; i++)
		tick();
	drop();
	return 0;
}
