/*
 * Children of vfork call before they execute a program: the first record that a jump makes on the thread that they
 * borrow is a child's. What their parent calls afterwards is its own.
 */
#include <sys/wait.h>

#include "expect.h"

enum { CHILDREN = 2, CHILD_CALLS = 1, CALLS = 2000 };

static volatile int called;

static void in_child(int x)
{
	called += x;
}

static int in_parent(int x)
{
	return x * 3 % 1000 + 1;
}

static int runs_true(int x)
{
	pid_t child = vfork();

	if (child == 0) {
		for (int i = 0; i < CHILD_CALLS; i++)
			in_child(x);
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	int status;
	return waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	int sum = 0, ran = 0;

	expect("calls in_child %d", CHILDREN * CHILD_CALLS);
	expect("in_children in_child %d", CHILDREN * CHILD_CALLS);
	expect("calls in_parent %d", CALLS);
	expect("in_main in_parent %d", CALLS);
	for (int i = 0; i < CHILDREN; i++)
		ran += runs_true(i + 1);
	for (int i = 0; i < CALLS; i++)
		sum = in_parent(sum + i);
	say("sum %d, ran %d, called %d", sum, ran, called);
	return 0;
}
