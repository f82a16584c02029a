/*
 * vfork is a function as others are: its child returns from it first, and the call goes on until the
 * parent returns, which waits for the child's end.
 */
#include <sys/wait.h>

#include "expect.h"

int main(void)
{
	int status;
	expect("calls vfork 1");
	expect("lasts vfork 0.1 60");
	expect("in_children vfork 0");
	pid_t child = vfork();
	if (child == 0) {
		usleep(100000);
		_exit(6);
	}
	waitpid(child, &status, 0);
	say("status %d", WEXITSTATUS(status));
	return 0;
}
