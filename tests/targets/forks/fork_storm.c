/* A tree of processes, three from each, four deep: all 120 children are alive at one time. */
#include <stdlib.h>
#include <sys/wait.h>

#include "expect.h"

static int hold[2];

static int leaf(int x)
{
	return x + 1;
}

static int branches(int depth)
{
	pid_t children[3];
	int sum = leaf(0), status;
	char byte;
	if (depth == 0) {
		/* Until the root closes the other end. */
		close(hold[1]);
		return read(hold[0], &byte, 1) == 0 ? sum : -100;
	}
	for (int i = 0; i < 3; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(branches(depth - 1));
	}
	close(hold[1]);
	for (int i = 0; i < 3; i++) {
		waitpid(children[i], &status, 0);
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	return sum;
}

int main(void)
{
	expect("calls leaf 121");
	expect("in_children leaf 120");
	expect("processes 121");
	if (pipe(hold) != 0)
		return 1;
	say("sum %d", branches(4));
	return 0;
}
