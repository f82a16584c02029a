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
	int go[2];
	char byte = 'g';
	expect("calls stops 5");
	expect("in_children stops 5");
	expect("processes 2");
	if (pipe(go) != 0)
		return 1;
	pid_t child = fork();
	if (child == 0) {
		for (int i = 0; i < 5; i++) {
			stops();
			/* Not before the parent has seen it continued. */
			if (read(go[0], &byte, 1) != 1)
				_exit(1);
		}
		_exit(6);
	}
	int status, stopped = 0, continued = 0;
	while (waitpid(child, &status, WUNTRACED | WCONTINUED) == child && !WIFEXITED(status)) {
		if (WIFCONTINUED(status)) {
			continued++;
			if (write(go[1], &byte, 1) != 1)
				return 1;
		} else if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) {
			stopped++;
			kill(child, SIGCONT);
		}
	}
	say("stopped %d, continued %d, status %d", stopped, continued, WEXITSTATUS(status));
	return 0;
}
