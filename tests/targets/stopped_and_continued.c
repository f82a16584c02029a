/* A child stops itself inside a probed function; its parent sees each stop and continues it. */
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

static void stops(void)
{
	raise(SIGSTOP);
}

int main(void)
{
	expect("calls stops 5");
	expect("in_children stops 5");
	expect("processes 2");
	pid_t child = fork();
	if (child == 0) {
		for (int i = 0; i < 5; i++)
			stops();
		_exit(6);
	}
	int status, stopped = 0, continued = 0;
	while (waitpid(child, &status, WUNTRACED | WCONTINUED) == child && !WIFEXITED(status)) {
		if (WIFCONTINUED(status)) {
			continued++;
		} else if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) {
			stopped++;
			kill(child, SIGCONT);
		}
	}
	/* A continuation may be followed by the next stop before it is waited for. */
	say("stopped %d, continued %d, status %d", stopped, continued > 0, WEXITSTATUS(status));
	return 0;
}
