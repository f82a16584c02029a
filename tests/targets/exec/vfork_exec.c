/* vfork and exec from a probed function; the child shares memory, and calls one before the exec. */
#include <sys/wait.h>

#include "expect.h"

static volatile int called_by_child;

static void in_child(int x)
{
	called_by_child += x;
}

static int spawns(int x)
{
	pid_t child = vfork();
	if (child == 0) {
		in_child(x);
		execl("/bin/sh", "sh", "-c", "exit 5", (char *)NULL);
		_exit(127);
	}
	int status;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

int main(void)
{
	expect("calls in_child 5");
	expect("in_children in_child 5");
	expect("calls spawns 5");
	expect("levels spawns 0 0");
	expect("processes 6");
	expect("execs 5");
	int sum = 0;
	for (int i = 0; i < 5; i++)
		sum += spawns(i);
	say("sum %d, child called %d", sum, called_by_child);
	return 0;
}
