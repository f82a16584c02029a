/*
 * The work that `make bench` traces: a leaf function called in a loop. Prints the nanoseconds of
 * one call, measured by itself, so that no tool's start-up counts. usage: leaf_loop CALLS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

long leaf(long x);

__attribute__((noipa)) long leaf(long x)
{
	return x * 3 + 1;
}

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 0;
	if (calls <= 0) {
		fprintf(stderr, "usage: leaf_loop CALLS\n");
		return 2;
	}
	long x = leaf(0); /* what happens once is not counted */
	double start_ns = now_ns();
	for (long i = 0; i < calls; i++)
		x = leaf(x);
	printf("%.2f\n", (now_ns() - start_ns) / (double)calls);
	return x == 0;
}
