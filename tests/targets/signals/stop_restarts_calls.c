/* Sleeps, polls and reads of a child go on as ever after SIGSTOP and SIGCONT; each in a call. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "expect.h"

static int ready[2], input[2];

static int sleeps(void)
{
	const struct timespec time = { 0, 40000000 };
	return nanosleep(&time, NULL) == 0 ? 1 : -errno;
}

static int polls(void)
{
	struct pollfd none = { .fd = -1 };
	return poll(&none, 1, 40) == 0 ? 2 : -errno;
}

static int reads(void)
{
	char byte;
	return read(input[0], &byte, 1) == 1 ? 4 : -errno;
}

static void works(void)
{
	int (*const waits[])(void) = { sleeps, polls, reads };
	int sum = 0;
	for (int i = 0; i < 3; i++) {
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		sum += waits[i]();
	}
	_exit(sum);
}

int main(void)
{
	int status;
	char byte;
	expect("calls sleeps 1");
	expect("calls polls 1");
	expect("calls reads 1");
	expect("calls works 1 exit");
	expect("lasts sleeps 0.04 1000");
	if (pipe(ready) != 0 || pipe(input) != 0)
		return 1;
	pid_t child = fork();
	if (child == 0)
		works();
	for (int i = 0; i < 3; i++) {
		if (read(ready[0], &byte, 1) != 1)
			return 1;
		usleep(8000); /* it sleeps by then; nothing is wrong if it does not yet */
		kill(child, SIGSTOP);
		waitpid(child, &status, WUNTRACED);
		kill(child, SIGCONT);
		waitpid(child, &status, WCONTINUED);
	}
	if (write(input[1], "w", 1) != 1)
		return 1;
	waitpid(child, &status, 0);
	say("status %d", WEXITSTATUS(status));
	return 0;
}
