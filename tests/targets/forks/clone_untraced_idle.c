/* CLONE_UNTRACED hides a child from every tracer: one that calls nothing probed is none the worse. */
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	expect("calls leaf 2");
	expect("processes 2");
	int x = leaf(1);
	long child = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		syscall(SYS_exit_group, 9);
	int status = 0;
	waitpid((pid_t)child, &status, 0);
	say("child %d, %d", WEXITSTATUS(status), leaf(x));
	return 0;
}
