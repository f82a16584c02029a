/* The ends of children seen by signalfd and by pidfds; a pidfd sends a signal, too. */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int inside[2];

static void ends(int how)
{
	if (write(inside[1], "i", 1) != 1)
		return;
	if (how == 2)
		pause();
	_exit(how + 20);
}

static void tells(int signal_fd, pid_t child)
{
	struct signalfd_siginfo info;
	if (read(signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	say("signal %u, code %d, status %d, same child %d", info.ssi_signo, info.ssi_code,
	    info.ssi_status, info.ssi_pid == (unsigned)child);
}

int main(void)
{
	sigset_t signals;
	char byte;
	expect("calls ends 3 exit");
	expect("calls tells 3");
	expect("processes 4");
	if (pipe(inside) != 0)
		return 1;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	for (int how = 0; how < 3; how++) {
		pid_t child = fork();
		if (child == 0)
			ends(how);
		int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
		if (pidfd < 0) {
			say("there are no pidfds here");
			return 77;
		}
		if (read(inside[0], &byte, 1) != 1)
			return 1;
		if (how == 2)
			syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0);
		struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
		int ready = poll(&poll_fd, 1, -1), status;
		tells(signal_fd, child);
		pid_t waited = waitpid(child, &status, 0);
		say("ready %d, status %x, waited %d", ready, (unsigned)status, waited == child);
		close(pidfd);
	}
	return 0;
}
