/* A handler forks in the middle of probed calls; the child returns from it and goes on with them. */
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

static volatile pid_t child = -1;

static void forks(int signal)
{
	(void)signal;
	child = fork();
}

static int leaf(int x)
{
	if (x == 5)
		raise(SIGUSR1);
	return x + 1;
}

static int around(int x)
{
	for (int i = 0; i < 10; i++)
		x = leaf(x);
	return x;
}

int main(void)
{
	int status;
	expect("calls leaf 14");
	expect("in_children leaf 4");
	expect("calls leaf 1 forked");
	expect("calls around 1");
	expect("calls around 1 forked");
	expect("calls forks 1");
	expect("calls forks 1 forked");
	expect("processes 2");
	signal(SIGUSR1, forks);
	int x = around(0);
	if (child == 0)
		_exit(x + 1);
	waitpid(child, &status, 0);
	say("%d, child %d", x, WEXITSTATUS(status));
	return 0;
}
