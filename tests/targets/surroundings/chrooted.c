/* A program that changes its root: what the files behind its code are called is another name now. */
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static int later(int x)
{
	return leaf(x) + leaf(x);
}

int main(void)
{
	if (geteuid() != 0) {
		say("only root can change it");
		return 77;
	}
	expect("calls leaf 7");
	expect("calls later 3");
	expect("in_children later 1");
	int x = leaf(0), status;
	if (chroot("/proc/self/fdinfo") != 0 || chdir("/") != 0)
		return 1;
	x = later(x);
	pid_t child = fork();
	if (child == 0)
		_exit(later(x));
	waitpid(child, &status, 0);
	say("child %d, %d", WEXITSTATUS(status), later(x));
	return 0;
}
