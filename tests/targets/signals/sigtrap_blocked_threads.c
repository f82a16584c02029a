/* flags: -pthread */
/*
 * SIGTRAP is blocked, and stays so in each thread, whether the thread or the event of its creation is
 * seen first.
 */
#include <pthread.h>
#include <signal.h>

#include "expect.h"

enum { ROUNDS = 300, THREADS = 4 };
static int unblocked;

static long leaf(long x)
{
	return x + 1;
}

static void *thread(void *argument)
{
	sigset_t blocked;

	leaf(1);
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	if (!sigismember(&blocked, SIGTRAP))
		__atomic_add_fetch(&unblocked, 1, __ATOMIC_RELAXED);
	return argument;
}

int main(void)
{
	sigset_t all;
	expect("calls leaf %d", ROUNDS * THREADS);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_t threads[THREADS];
		for (int k = 0; k < THREADS; k++)
			pthread_create(&threads[k], NULL, thread, NULL);
		for (int k = 0; k < THREADS; k++)
			pthread_join(threads[k], NULL);
	}
	say("unblocked %d", unblocked);
	return 0;
}
