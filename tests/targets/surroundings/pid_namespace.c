/* A child in a PID namespace of its own: it is 1 there, and another number to everybody else. */
#include <sched.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	if (unshare(CLONE_NEWPID) != 0) {
		say("no PID namespace may be made here");
		return 77;
	}
	expect("calls leaf 31");
	expect("in_children leaf 30");
	expect("processes 2");
	pid_t child = fork();
	if (child == 0) {
		int x = getpid();
		for (int i = 0; i < 30; i++)
			x = leaf(x);
		_exit(x);
	}
	int status;
	waitpid(child, &status, 0);
	say("child %d", leaf(WEXITSTATUS(status)));
	return 0;
}
