/*
 * The work that `make bench` traces: a leaf function called in a loop. Prints the nanoseconds of
 * one call, measured by itself, so that no tool's start-up counts.
 *
 *   leaf_loop CALLS [wall|cpu [THREADS]]
 *
 * cpu: the time that the calling thread has computed, which waiting for a tracer is no part of. THREADS: so many
 * call at the same time, CALLS each; the figure is their mean.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS_MOST = 64 };

static long calls;
static clockid_t used_clock = CLOCK_MONOTONIC;
static pthread_barrier_t start;

long leaf(long x);

__attribute__((noipa)) long leaf(long x)
{
	return x * 3 + 1;
}

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(used_clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void *call_leaf(void *ns_a_call)
{
	long x = leaf(0); /* what happens once is not counted */

	pthread_barrier_wait(&start);
	double start_ns = now_ns();
	for (long i = 0; i < calls; i++)
		x = leaf(x);
	*(double *)ns_a_call = (now_ns() - start_ns) / (double)calls;
	return x == 0 ? ns_a_call : NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MOST];
	double ns_a_call[THREADS_MOST], sum = 0;
	int count = argc > 3 ? atoi(argv[3]) : 1;

	calls = argc > 1 ? atol(argv[1]) : 0;
	if (calls <= 0 || count < 1 || count > THREADS_MOST) {
		fprintf(stderr, "usage: leaf_loop CALLS [wall|cpu [THREADS]]\n");
		return 2;
	}
	if (argc > 2 && strcmp(argv[2], "cpu") == 0)
		used_clock = CLOCK_THREAD_CPUTIME_ID;
	pthread_barrier_init(&start, NULL, (unsigned)count);
	for (int i = 1; i < count; i++) {
		if (pthread_create(&threads[i], NULL, call_leaf, &ns_a_call[i]) != 0)
			return 2;
	}
	call_leaf(&ns_a_call[0]);
	for (int i = 1; i < count; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < count; i++)
		sum += ns_a_call[i];
	printf("%.2f\n", sum / count);
	return 0;
}
