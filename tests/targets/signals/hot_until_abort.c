/* flags: -pthread */
/*
 * Threads call hot functions, nested, until SIGUSR1, at which the first thread calls abort(3). It says "ready" when
 * each has worked. usage: hot_until_abort THREADS
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int working;

static unsigned innermost(unsigned x)
{
	return x * 3 + 1;
}

static unsigned inner(unsigned x)
{
	return innermost(x) ^ innermost(x + 1);
}

static unsigned outer(unsigned x)
{
	return inner(x) + inner(x + 2);
}

static void *works(void *argument)
{
	unsigned x = outer(0);

	atomic_fetch_add(&working, 1);
	for (;;)
		x = outer(x);
	return argument;
}

int main(int argc, char **argv)
{
	const int count = argc > 1 ? atoi(argv[1]) : 1;
	sigset_t told;
	pthread_t thread;
	int signal;

	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	sigprocmask(SIG_BLOCK, &told, NULL);
	for (int i = 0; i < count; i++)
		pthread_create(&thread, NULL, works, NULL);
	while (atomic_load(&working) < count)
		usleep(1000);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	sigwait(&told, &signal);
	abort();
}
