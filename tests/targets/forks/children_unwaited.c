/* SA_NOCLDWAIT and an ignored SIGCHLD: children leave no zombie, and wait says that there is none. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int told;

static void handler(int signal)
{
	(void)signal;
	told++;
}

static int leaf(int x)
{
	return x + 1;
}

static int waits_for_three(void)
{
	for (int i = 0; i < 3; i++) {
		if (fork() == 0)
			_exit(leaf(i));
	}
	int status;
	pid_t got = wait(&status);
	return got < 0 ? errno : 0;
}

int main(void)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_NOCLDWAIT | SA_RESTART };
	expect("calls leaf 6");
	expect("calls waits_for_three 2");
	expect("in_children leaf 6");
	expect("processes 7");
	sigaction(SIGCHLD, &action, NULL);
	int result = waits_for_three();
	say("%d, told %d", result, told > 0);
	signal(SIGCHLD, SIG_IGN);
	result = waits_for_three();
	say("%d, none is left: %d", result, waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	return 0;
}
