/* CLONE_PARENT: a process makes a sibling; the grandparent waits for both. */
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void makes_sibling(void)
{
	pid_t parent = getppid();
	long sibling = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (sibling == 0)
		_exit(getppid() == parent ? leaf(20) : 1);
	_exit(leaf(10));
}

int main(void)
{
	expect("calls makes_sibling 1 exit");
	expect("calls makes_sibling 1 forked");
	expect("calls leaf 2");
	expect("in_children leaf 2");
	expect("processes 3");
	if (fork() == 0)
		makes_sibling();
	int status, sum = 0, count = 0;
	while (wait(&status) > 0) {
		sum += WEXITSTATUS(status);
		count++;
	}
	say("children %d, sum %d", count, sum);
	return 0;
}
