/* flags: -pthread */
/* Threads that call at once; a checksum each. usage: threads_many [CALLS [THREADS]] */
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"

enum { MOST_THREADS = 64 };

static pthread_barrier_t start;
static int calls = 2000;

static unsigned step_inner(unsigned x)
{
	return x * 2654435761u + 12345u;
}

static unsigned step(unsigned x)
{
	return step_inner(x) ^ (x >> 3);
}

static void *run(void *argument)
{
	unsigned *x = argument;
	pthread_barrier_wait(&start);
	for (int i = 0; i < calls; i++)
		*x = step(*x);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[MOST_THREADS];
	unsigned sums[MOST_THREADS];
	int count = argc > 2 ? atoi(argv[2]) : 8;
	if (argc > 1)
		calls = atoi(argv[1]);
	if (count < 1 || count > MOST_THREADS)
		return 2;

	expect("calls step %d", calls * count);
	expect("calls step_inner %d", calls * count);
	expect("threads step %d", count);
	expect("levels step 0 0");
	expect("levels step_inner 1 1");
	pthread_barrier_init(&start, NULL, (unsigned)count);
	for (int t = 0; t < count; t++) {
		sums[t] = (unsigned)t;
		pthread_create(&threads[t], NULL, run, &sums[t]);
	}
	for (int t = 0; t < count; t++) {
		pthread_join(threads[t], NULL);
		say("thread %d sum %u", t, sums[t]);
	}
	return 0;
}
