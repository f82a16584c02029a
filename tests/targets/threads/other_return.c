/* flags: -pthread */
/*
 * A thread calls a probed function many times, and then, from the same place, one that is not: that return is none of a
 * recorded call. Looking for where it may have begun, on another thread, finds what those have called meanwhile. All that
 * again as often as the argument says (tests/e2e/run/times_of_others.sh).
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "expect.h"

enum { THREADS = 4, CALLS = 4000, LASTS_US = 20 };

static atomic_bool is_done;

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void lasting(void);
void lasting(void)
{
	int64_t until_ns = now_ns() + LASTS_US * 1000;

	while (now_ns() < until_ns)
		continue;
}

void quick(void);
void quick(void)
{
}

void other(void);
void other(void)
{
}

static void ignore(int number)
{
	(void)number;
}

static void *call_lasting(void *unused)
{
	while (!is_done)
		lasting();
	return unused;
}

int main(int argc, char **argv)
{
	static void (*const functions[])(void) = { quick, other };
	pthread_t threads[THREADS];
	const int rounds = argc > 1 ? atoi(argv[1]) : 1;

	expect("calls quick %d", rounds * CALLS);
	expect("probe lasting");
	expect("lasts lasting %.6f 3600", LASTS_US / 1e6);
	signal(SIGUSR1, ignore);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, call_lasting, NULL);
	for (int i = 0; i < rounds; i++) {
		for (int j = 0; j <= CALLS; j++)
			functions[j / CALLS]();
		pthread_kill(pthread_self(), SIGUSR1); /* its records are fetched */
	}
	is_done = true;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
