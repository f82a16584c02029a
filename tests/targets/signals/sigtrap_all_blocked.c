/* flags: -pthread */
/* Threads that block every signal, as servers do, and call probed functions. */
#include <pthread.h>
#include <signal.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void *run(void *argument)
{
	int *sum = argument;
	sigset_t all, now;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	for (int i = 0; i < 100; i++)
		*sum = leaf(*sum);
	pthread_sigmask(SIG_SETMASK, NULL, &now);
	if (!sigismember(&now, SIGTRAP) || !sigismember(&now, SIGUSR1))
		*sum = -1;
	return NULL;
}

int main(void)
{
	expect("calls leaf 400");
	expect("threads leaf 4");
	pthread_t threads[4];
	int sums[4] = { 0 };
	for (int t = 0; t < 4; t++)
		pthread_create(&threads[t], NULL, run, &sums[t]);
	for (int t = 0; t < 4; t++) {
		pthread_join(threads[t], NULL);
		say("sum %d", sums[t]);
	}
	return 0;
}
