/*
 * forks_twice: children that fork once more and end, all the time; each must end as it says, and so must what it has
 * forked. Not much is between two forks, so that most of the time somebody is about to. SIGUSR1 ends it, 0 when all was
 * right.
 */
#include <errno.h>
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

__attribute__((noinline)) long work(long times)
{
	long sum = 0;

	for (long i = 0; i < times; i++)
		sum = leaf(sum);
	return sum;
}

static void child(const int ends[2])
{
	work(3);
	if (fork() == 0) {
		close(ends[0]);
		if (work(50) == 50)
			write(ends[1], "k", 1);
		_exit(0);
	}
	_exit((int)work(5));
}

/* How many bytes come before all have closed the other end. */
static int bytes_from(int fd)
{
	char byte;

	for (int count = 0;;) {
		ssize_t got = read(fd, &byte, 1);
		if (got == 0)
			return count;
		if (got == 1)
			count++;
		else if (errno != EINTR)
			return -1;
	}
}

__attribute__((noinline)) int turn(void)
{
	int ends[2], status = 0;

	if (pipe(ends) != 0)
		return 2;
	pid_t pid = fork();
	if (pid == 0)
		child(ends);
	close(ends[1]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	const int bytes = bytes_from(ends[0]);
	close(ends[0]);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 5) {
		printf("a child's wait status is %#x\n", (unsigned)status);
		return 1;
	}
	if (bytes != 1) {
		printf("a child's child has said %d bytes\n", bytes);
		return 1;
	}
	return 0;
}

int main(void)
{
	int result = 0;

	signal(SIGUSR1, end);
	puts("ready");
	fflush(stdout);
	while (result == 0 && !is_told) {
		result = turn();
		work(100);
	}
	return result;
}
