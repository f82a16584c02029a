/* A tree of 31 processes, four levels of forks, all alive at the same time. */
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

/* The number of processes at and below this one. */
static int grow_tree(int depth)
{
	pid_t children[2];
	int count = leaf(0), status;
	for (int i = 0; depth > 0 && i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(grow_tree(depth - 1));
	}
	for (int i = 0; depth > 0 && i < 2; i++) {
		waitpid(children[i], &status, 0);
		count += WEXITSTATUS(status);
	}
	return count;
}

int main(void)
{
	expect("calls leaf 31");
	expect("in_children leaf 30");
	expect("calls grow_tree 31");
	expect("processes 31");
	say("processes %d", grow_tree(4));
	return 0;
}
