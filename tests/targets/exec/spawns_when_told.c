/*
 * Calls at each SIGUSR1, and at SIGTERM does what blocks all signals meanwhile: starts a program ("spawn", "system"), or calls
 * between two words about its signal mask ("masks").
 */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

__attribute__((noinline)) int leaf(int x)
{
	__asm__ volatile("" ::: "memory");
	return x * 3 + 1;
}

static int spawns(void)
{
	char *words[] = { "sh", "-c", "exit 3", NULL };
	pid_t child;
	int status = -1;

	if (posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ) != 0)
		return -1;
	waitpid(child, &status, 0);
	return status;
}

static int masks(void)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	int result = leaf(1);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return result;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	sigset_t wanted;
	int signal, sum = 0, calls = 0;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	sigaddset(&wanted, SIGTERM);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	dprintf(1, "ready %d\n", (int)getpid());
	while (sigwait(&wanted, &signal) == 0 && signal == SIGUSR1)
		dprintf(1, "called %d%s\n", leaf(2), calls++ > 0 ? " again" : "");
	for (int i = 0; i < 3; i++) {
		int result = strcmp(what, "spawn") == 0	   ? spawns()
			     : strcmp(what, "system") == 0 ? system("exit 3")
							   : masks();
		dprintf(1, "%d\n", result);
		sum += leaf(result);
	}
	dprintf(1, "sum %d\n", sum);
	return 0;
}
