/* Forks at once: 30 children alive together, each with calls of its own, each with its status. */
#include <sys/wait.h>

#include "expect.h"

enum { CHILDREN = 30 };

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	expect("calls leaf %d", CHILDREN * 10);
	expect("in_children leaf %d", CHILDREN * 10);
	expect("processes %d", CHILDREN + 1);
	int hold[2];
	pid_t children[CHILDREN];
	if (pipe(hold) != 0)
		return 1;
	for (int c = 0; c < CHILDREN; c++) {
		children[c] = fork();
		if (children[c] == 0) {
			char byte;
			close(hold[1]);
			if (read(hold[0], &byte, 1) != 0) /* until all are there */
				_exit(99);
			int x = c;
			for (int i = 0; i < 10; i++)
				x = leaf(x);
			_exit(x);
		}
	}
	close(hold[1]);
	int wrong = 0;
	for (int c = 0; c < CHILDREN; c++) {
		int status;
		waitpid(children[c], &status, 0);
		wrong += !WIFEXITED(status) || WEXITSTATUS(status) != c + 10;
	}
	say("wrong %d", wrong);
	return 0;
}
