/* Children that nobody waits for, and children that are reaped by the kernel. */
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

/* Forks children that end at once; returns when all have (their end of the pipe is closed). */
static void fork_some(int count)
{
	int ended[2];
	char byte;
	if (pipe(ended) != 0)
		return;
	for (int i = 0; i < count; i++) {
		if (fork() == 0)
			_exit(leaf(i));
	}
	close(ended[1]);
	if (read(ended[0], &byte, 1) == 0)
		say("%d have ended", count);
	close(ended[0]);
}

int main(void)
{
	expect("calls leaf 10");
	expect("in_children leaf 10");
	expect("calls fork_some 2");
	expect("calls fork_some 10 forked");
	expect("processes 11");
	fork_some(5); /* zombies to the end */
	signal(SIGCHLD, SIG_IGN);
	fork_some(5);
	return 0;
}
