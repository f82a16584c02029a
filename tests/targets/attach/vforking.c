/*
 * Computes for some milliseconds and calls vfork(2), which takes long for its many descriptors are copied, again and again;
 * the child ends at once. Says "ready PID"; SIGUSR1 ends it, with 0 when each child was the one that vfork had told of.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS = 3, DESCRIPTORS = 19000, STEPS_MAX = 4000000 };

static volatile sig_atomic_t is_told;

static void on_usr1(int signal)
{
	is_told = signal;
}

__attribute__((noinline)) int turn(unsigned steps)
{
	int status = 0;

	for (volatile unsigned i = 0; i < steps; i++)
		;
	const pid_t child = vfork();
	if (child == 0)
		_exit(STATUS);
	const pid_t ended = waitpid(-1, &status, 0);
	if (child > 0 && ended == child && WIFEXITED(status) && WEXITSTATUS(status) == STATUS)
		return 1;
	dprintf(STDOUT_FILENO, "vfork gave %d, and %d ended with the wait status %#x\n", child,
		ended, (unsigned)status);
	return 0;
}

int main(void)
{
	struct rlimit limit;
	sigset_t child;
	unsigned number = 1;
	int is_well = 1;

	/* Its stop for SIGCHLD would be a time to stop it that it does not feel. */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signal(SIGUSR1, on_usr1);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < DESCRIPTORS && dup(STDIN_FILENO) >= 0; i++)
		;
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (is_well && !is_told) {
		number = number * 1664525 + 1013904223;
		is_well = turn((number >> 8) % STEPS_MAX);
	}
	return !is_well;
}
