/* clone with CLONE_VFORK and no CLONE_VM: the parent waits, but the memory is a copy. */
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int sum;

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	expect("calls leaf 90");
	expect("in_children leaf 40");
	expect("processes 3");
	for (int i = 0; i < 2; i++) {
		long child = syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
		if (child == 0) {
			for (int j = 0; j < 20; j++)
				sum = leaf(sum);
			_exit(sum);
		}
		int status;
		waitpid((pid_t)child, &status, 0);
		for (int j = 0; j < 25; j++)
			sum = leaf(sum);
		say("child %d, parent %d", WEXITSTATUS(status), sum);
	}
	return 0;
}
