/* A fork inside nested probed calls: the child returns through its parent's return addresses. */
#include <stdlib.h>
#include <sys/wait.h>

#include "expect.h"

static pid_t forks(void)
{
	return fork();
}

static pid_t around(int x)
{
	return x + forks() - x;
}

static pid_t outermost(int x)
{
	return around(x + 1);
}

int main(void)
{
	expect("calls forks 1");
	expect("calls forks 1 forked");
	expect("calls around 1");
	expect("calls around 1 forked");
	expect("calls outermost 1");
	expect("calls outermost 1 forked");
	expect("in_children outermost 0");
	expect("processes 2");
	pid_t child = outermost(5);
	if (child == 0)
		exit(7);
	int status;
	waitpid(child, &status, 0);
	say("child %d", WEXITSTATUS(status));
	return 0;
}
