/*
 * Makes COUNT children that wait, says "ready PID", and lets them end on SIGUSR1. Each has called a
 * function by then. usage: children_alive COUNT
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t done;

static void on_usr1(int signal)
{
	(void)signal;
	done = 1;
}

static int leaf(int x)
{
	return x + 1;
}

static void lives(int ready_fd, int hold_fd)
{
	char byte = (char)leaf(0);
	if (write(ready_fd, &byte, 1) != 1)
		_exit(1);
	_exit(read(hold_fd, &byte, 1) == 0 ? 3 : 1);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 10, ready[2], hold[2], sum = 0, status;
	sigset_t usr1, before;
	char byte;
	signal(SIGUSR1, on_usr1);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &before);
	if (pipe(ready) != 0 || pipe(hold) != 0)
		return 1;
	for (int i = 0; i < count; i++) {
		pid_t child = fork();
		if (child < 0) {
			perror("fork");
			return 1;
		}
		if (child == 0) {
			close(hold[1]);
			lives(ready[1], hold[0]);
		}
	}
	for (int i = 0; i < count; i++) {
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	}
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (!done)
		sigsuspend(&before);
	close(hold[1]);
	for (int i = 0; i < count; i++) {
		wait(&status);
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	printf("sum %d\n", sum);
	return 0;
}
