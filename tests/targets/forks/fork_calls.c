/* Probed calls in three children, one after the other, and in the parent. */
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static int child_work(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++)
		sum = leaf(sum);
	return sum;
}

int main(void)
{
	expect("calls leaf 70");
	expect("calls child_work 4");
	expect("in_children leaf 60");
	expect("in_children child_work 3");
	expect("processes 4");
	for (int i = 1; i <= 3; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(child_work(i * 10));
		int status;
		waitpid(child, &status, 0);
		say("child %d: %d", i, WEXITSTATUS(status));
	}
	say("parent %d", child_work(10));
	return 0;
}
