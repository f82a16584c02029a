/* flags: -pthread */
/*
 * Stands in calls until it is told to return from them: main -> outermost -> deep (five of them) ->
 * innermost, which reads a byte from stdin; with "-p", after poll(2). A second thread stands in innermost, too, below
 * thread_main. Says "ready PID TID-OF-THE-SECOND" when both threads are there, on their way into the
 * calls, and at the end what they gave. Then it calls the functions once more each.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_int second_tid;
static int polls;

int innermost(int x);
int innermost(int x)
{
	struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
	char byte;

	if (polls && poll(&input, 1, -1) != 1)
		dprintf(STDOUT_FILENO, "poll was interrupted\n");
	while (read(STDIN_FILENO, &byte, 1) < 0)
		dprintf(STDOUT_FILENO, "read was interrupted\n");
	return x + 1;
}

int deep(int depth, int x);
int deep(int depth, int x)
{
	return depth == 0 ? innermost(x) : deep(depth - 1, x) + depth;
}

int outermost(int x);
int outermost(int x)
{
	return deep(4, x) * 2;
}

static void *thread_main(void *argument)
{
	atomic_store(&second_tid, gettid());
	int got = innermost(1);
	dprintf(STDOUT_FILENO, "second %d\n", got);
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t second;

	(void)argv;
	polls = argc > 1;

	pthread_create(&second, NULL, thread_main, NULL);
	while (atomic_load(&second_tid) == 0)
		usleep(1000);
	dprintf(STDOUT_FILENO, "ready %d %d\n", getpid(), atomic_load(&second_tid));
	int got = outermost(1);
	pthread_join(second, NULL);
	dprintf(STDOUT_FILENO, "first %d, again %d\n", got, outermost(1));
	return 3;
}
