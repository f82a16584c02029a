/* A vfork child is killed, from within and from outside, in a probed call; the parent goes on. */
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void dies(int how)
{
	if (how == 0)
		kill(getpid(), SIGKILL);
	if (how == 1)
		*(volatile int *)16 = 1;
	if (how == 2)
		raise(SIGTERM);
	_exit(3);
}

int main(void)
{
	expect("calls leaf 8");
	expect("in_children leaf 4");
	expect("calls dies 4 exit");
	expect("processes 5");
	for (volatile int how = 0; how < 4; how++) {
		int status;
		pid_t child = vfork();
		if (child == 0)
			dies(how + leaf(0) - 1);
		waitpid(child, &status, 0);
		say("status %d, %d", status & ~0x80, leaf(how));
	}
	return 0;
}
