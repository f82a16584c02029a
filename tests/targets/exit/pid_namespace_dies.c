/* The first process of a PID namespace ends, and the kernel kills all others in it. */
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int ready[2];

static void waits_inside(void)
{
	if (write(ready[1], "r", 1) != 1)
		return;
	for (;;)
		pause();
}

int main(void)
{
	if (geteuid() != 0) {
		say("no PID namespace may be made here");
		return 77;
	}
	expect("calls waits_inside 6 exit");
	expect("processes 8");
	if (pipe(ready) != 0)
		return 1;
	long first = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
	if (first == 0) {
		char byte;
		for (int i = 0; i < 6; i++) {
			if (fork() == 0)
				waits_inside();
			if (read(ready[0], &byte, 1) != 1)
				_exit(1);
		}
		_exit(8);
	}
	int status;
	waitpid((pid_t)first, &status, 0);
	close(ready[1]);
	char byte;
	/* The end of the pipe: nobody in there is left. */
	say("first %d, then %zd", WEXITSTATUS(status), read(ready[0], &byte, 1));
	return 0;
}
