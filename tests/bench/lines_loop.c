/*
 * A loop of three short lines, over and over: prints ns a line, of CPU time, as two_preads.c does; with a second
 * argument of all time, which stops take.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES = 3 };

__attribute__((noinline)) uint64_t work(uint64_t n)
{
	volatile uint64_t x = 1;

	for (uint64_t i = 0; i < n; i++) {
		x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		x = x ^ (x >> 17);
	}
	return x;
}

int main(int argc, char *argv[])
{
	const uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	const clockid_t clock = argc > 2 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
	struct timespec from, to;

	uint64_t result = work(2000); /* what is hit often has become a jump */
	clock_gettime(clock, &from);
	result ^= work(count);
	clock_gettime(clock, &to);
	printf("%.2f\n",
	       ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
		       (double)(count * LINES));
	return result == 0;
}
