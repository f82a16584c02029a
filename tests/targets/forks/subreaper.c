/* A program that adopts its orphaned grandchildren: it, and nobody else, is their new parent. */
#include <sys/prctl.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void makes_orphan(int status)
{
	int hold[2];
	char byte;
	if (pipe(hold) != 0)
		_exit(1);
	pid_t grandparent = getppid();
	if (fork() == 0) {
		/* The parent's end closes the pipe. */
		close(hold[1]);
		if (read(hold[0], &byte, 1) != 0)
			_exit(1);
		while (getppid() != grandparent)
			usleep(100);
		_exit(leaf(status));
	}
	_exit(0);
}

int main(void)
{
	int status, sum = 0, count = 0;
	expect("calls leaf 3");
	expect("in_children leaf 3");
	expect("calls makes_orphan 3 exit");
	expect("processes 7");
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (int i = 0; i < 3; i++) {
		if (fork() == 0)
			makes_orphan(10 * (i + 1));
	}
	while (wait(&status) > 0) {
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
		count++;
	}
	say("children %d, sum %d", count, sum);
	return 0;
}
