/* The strict mode: read, write, exit and sigreturn, all else kills. Calls from new places go on. */
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static int within(int x)
{
	return leaf(x) + leaf(x + 1);
}

int main(void)
{
	expect("calls leaf 13");
	expect("calls within 6");
	expect("processes 3");
	for (int ends_by_kill = 0; ends_by_kill < 2; ends_by_kill++) {
		pid_t child = fork();
		if (child == 0) {
			if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
				_exit(99);
			int sum = 0;
			for (int i = 0; i < 3; i++)
				sum += within(i);
			if (ends_by_kill)
				syscall(SYS_getpid);
			syscall(SYS_exit, sum);
		}
		int status;
		waitpid(child, &status, 0);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 99) {
			say("there is no strict mode of seccomp here");
			return 77;
		}
		say("status %x", (unsigned)status);
	}
	say("%d", leaf(1));
	return 0;
}
