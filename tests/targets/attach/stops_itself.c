/*
 * stops_itself: children that stop themselves, are continued when they are seen to be stopped, and end, all the time.
 * SIGUSR1 ends it, 0 when each was seen to stop, and to end as it says.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t is_told;

static void end(int signal)
{
	(void)signal;
	is_told = 1;
}

__attribute__((noinline)) long leaf(long x)
{
	__asm__ volatile("nop; nop; nop; nop; nop");
	return x + 1;
}

__attribute__((noinline)) int stops(void)
{
	raise(SIGSTOP);
	return (int)leaf(4);
}

__attribute__((noinline)) int turn(void)
{
	int stopped = 0, ended = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(stops());
	waitpid(pid, &stopped, WUNTRACED);
	if (!WIFSTOPPED(stopped)) {
		printf("a child that stops itself has not: its wait status is %#x\n",
		       (unsigned)stopped);
		return 1;
	}
	kill(pid, SIGCONT);
	waitpid(pid, &ended, 0);
	if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 5) {
		printf("a child's wait status is %#x\n", (unsigned)ended);
		return 1;
	}
	return 0;
}

int main(void)
{
	const struct sigaction told = { .sa_handler = end, .sa_flags = SA_RESTART };
	int result = 0;

	sigaction(SIGUSR1, &told, NULL);
	puts("ready");
	fflush(stdout);
	while (result == 0 && !is_told)
		result = turn();
	return result;
}
