/* A daemon's double fork: the grandchild outlives its parent and reports through a pipe. */
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	expect("calls leaf 101");
	expect("in_children leaf 101");
	expect("processes 3");
	int report[2], gone[2], status;
	if (pipe(report) != 0 || pipe(gone) != 0)
		return 1;
	pid_t child = fork();
	if (child == 0) {
		setsid();
		if (fork() == 0) {
			char byte;
			close(gone[1]);
			/* End of file: the parent has ended. */
			int x = (int)read(gone[0], &byte, 1);
			for (int i = 0; i < 100; i++)
				x = leaf(x);
			_exit(write(report[1], &x, sizeof(x)) != sizeof(x));
		}
		_exit(leaf(2));
	}
	close(gone[1]);
	waitpid(child, &status, 0);
	int x = -1;
	close(report[1]);
	if (read(report[0], &x, sizeof(x)) != sizeof(x))
		return 1;
	/* End of file: the grandchild has ended. */
	while (read(report[0], &status, 1) > 0)
		;
	say("grandchild %d", x);
	return 0;
}
