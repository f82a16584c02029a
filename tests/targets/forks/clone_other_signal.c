/* Children whose end is told by another signal than SIGCHLD, or by none: only __WALL sees them. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int told, told_of_child;

static void handler(int signal)
{
	if (signal == SIGUSR1)
		told++;
	else
		told_of_child++;
}

static int leaf(int x)
{
	return x + 1;
}

static void waits_for(int exit_signal)
{
	long child = syscall(SYS_clone, exit_signal, 0, 0, 0, 0);
	if (child == 0)
		_exit(leaf(exit_signal));
	int status = 0, plain;
	siginfo_t info;
	/* The end is there before a plain wait looks for it. */
	waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | __WALL);
	plain = waitpid((pid_t)child, NULL, WNOHANG) == child ? 0 : errno;
	pid_t waited = waitpid((pid_t)child, &status, __WALL);
	say("plain wait %d, then %d, status %d", plain, waited == child, WEXITSTATUS(status));
}

int main(void)
{
	expect("calls waits_for 2");
	expect("calls waits_for 2 forked");
	expect("in_children leaf 2");
	expect("calls leaf 2");
	expect("processes 3");
	signal(SIGUSR1, handler);
	signal(SIGCHLD, handler);
	waits_for(SIGUSR1);
	waits_for(0);
	say("SIGUSR1 %d, SIGCHLD %d", told, told_of_child);
	return 0;
}
