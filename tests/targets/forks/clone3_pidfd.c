/* clone3 with a pidfd: it polls readable at the end, and waitid(P_PIDFD) tells the status. */
#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	int pidfd = -1;
	struct clone_args arguments = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};
	expect("calls leaf 31");
	expect("in_children leaf 30");
	expect("processes 2");
	long child = syscall(SYS_clone3, &arguments, sizeof(arguments));
	if (child < 0 && errno == ENOSYS) {
		say("there is no clone3 here");
		return 77;
	}
	if (child == 0) {
		int x = 0;
		for (int i = 0; i < 30; i++)
			x = leaf(x);
		_exit(x);
	}
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
	siginfo_t info = { 0 };
	int ready = poll(&poll_fd, 1, -1);
	waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED);
	say("ready %d, code %d, status %d, same %d", ready, info.si_code, leaf(info.si_status),
	    info.si_pid == child);
	return 0;
}
