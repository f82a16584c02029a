/* A process that shares its parent's memory without vfork: one set of sites for both. */
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

static char stack[64 * 1024] __attribute__((aligned(16)));
static volatile int child_sum;

static int leaf(int x)
{
	return x + 1;
}

static int child(void *argument)
{
	(void)argument;
	for (int i = 0; i < 50; i++)
		child_sum = leaf(child_sum);
	return 3;
}

int main(void)
{
	expect("calls leaf 150");
	expect("in_children leaf 50");
	expect("processes 2");
	pid_t pid = clone(child, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
	int sum = 0, status;
	for (int i = 0; i < 50; i++)
		sum = leaf(sum);
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	/* The sites are still there after the child has gone. */
	for (int i = 0; i < 50; i++)
		sum = leaf(sum);
	say("parent %d, child %d, status %d", sum, child_sum, WEXITSTATUS(status));
	return 0;
}
