/* Calls so often that they are summed up, and starts programs meanwhile, which share its memory until they run: the calls are its own. */
#include <spawn.h>
#include <sys/wait.h>

#include "expect.h"

enum { SPAWNS = 8, CALLS = 3000 };

static int leaf(int x)
{
	return x * 3 + 1;
}

static int spawns(char **environment)
{
	char *const arguments[] = { (char *)"true", NULL };
	pid_t child;
	int status;

	return posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environment) == 0 &&
	       waitpid(child, &status, 0) == child && status == 0;
}

static int child_calls(void)
{
	int status;
	pid_t child = vfork();

	if (child == 0)
		_exit(leaf(1) + leaf(2) - 7);
	return waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv, char **environment)
{
	int sum = argc - 1, ran = 0;

	(void)argv;
	expect("in_main leaf %d", SPAWNS * CALLS);
	expect("calls leaf %d", SPAWNS * (CALLS + 2));
	for (int i = 0; i < SPAWNS; i++) {
		for (int k = 0; k < CALLS; k++)
			sum = leaf(sum) % 1000;
		ran += spawns(environment);
		sum += child_calls();
	}
	say("sum %d, ran %d", sum, ran);
	return 0;
}
