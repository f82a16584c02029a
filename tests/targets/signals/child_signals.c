/* SIGCHLD, waitid and wait4 tell of children as ever, each end once, with its status and cause. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int exited, killed, unknown;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (info->si_code == CLD_EXITED)
		exited += info->si_status;
	else if (info->si_code == CLD_KILLED)
		killed += info->si_status;
	else
		unknown++;
}

static void ends(int how)
{
	if (how % 2)
		kill(getpid(), SIGKILL);
	_exit(how);
}

int main(void)
{
	expect("calls ends 6 exit");
	expect("in_children ends 6");
	expect("calls handler 6");
	expect("processes 7");
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART };
	sigaction(SIGCHLD, &action, NULL);
	for (int how = 1; how <= 6; how++) {
		pid_t child = fork();
		if (child == 0)
			ends(how);
		siginfo_t info = { 0 };
		int status = 0;
		struct rusage usage;
		waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
		pid_t waited = wait4(child, &status, 0, &usage);
		say("code %d, status %d, same child %d, wait %x, memory %d", info.si_code,
		    info.si_status, info.si_pid == child && waited == child, (unsigned)status,
		    usage.ru_maxrss > 100);
	}
	say("exited %d, killed %d, unknown %d, more children %d", exited, killed, unknown,
	    (int)wait(NULL));
	return 0;
}
