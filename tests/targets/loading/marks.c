/*
 * Marks of mprof_mark.h. Not of the targets that targets.sh runs: marks.sh does.
 *
 * Three times a pair within a pair, with a mark in it, and a child that makes the same once; "hot" goes very often through
 * a pair and a mark among other code, on two threads, and prints a sum; "time N" prints what one mark takes, in ns, of N.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/api/mprof_mark.h"

enum { BLOCK_BYTES = 4 << 20, HOT_ROUNDS = 30000 };

static void load(void)
{
	MPROF_BEGIN("load 100% \"all\"");
	char *block = malloc(BLOCK_BYTES);
	memset(block, 1, BLOCK_BYTES);
	MPROF_BEGIN("inner");
	MPROF_MARK("phase 2");
	MPROF_END("inner");
	MPROF_END("load 100% \"all\"");
}

static void *hot(void *sum)
{
	unsigned long *total = sum;

	for (unsigned long i = 0; i < HOT_ROUNDS; i++) {
		MPROF_BEGIN("round");
		*total += i;
		if (i % 3 == 0)
			MPROF_MARK("third");
		*total ^= i << 3;
		MPROF_END("round");
	}
	return NULL;
}

static void time_marks(long count)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (long i = 0; i < count; i++)
		MPROF_MARK("timed");
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.3f\n",
	       ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
		       (double)count);
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "time") == 0) {
		time_marks(atol(argv[2]));
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "hot") == 0) {
		unsigned long sums[2] = { 0 };
		pthread_t other;
		pthread_create(&other, NULL, hot, &sums[1]);
		hot(&sums[0]);
		pthread_join(other, NULL);
		printf("%lu %lu\n", sums[0], sums[1]);
		return 0;
	}
	for (int i = 0; i < 3; i++)
		load();
	pid_t child = fork();
	if (child == 0) {
		load();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	puts("done");
	return 0;
}
