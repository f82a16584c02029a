/* flags: -O1 -pthread */
/*
 * Two threads run a loop whose lines begin so near to each other that there is no room for a jump at each: a store of
 * three bytes, and an addition. Each store is to a cache line of its own.
 */
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"

enum { TIMES = 20000, STEP = 64 };

__attribute__((noinline)) static void fill(volatile char *at, volatile const char *end)
{
	while (at != end) {
		*at = 1;    /* fill: 40000 times, any pages */
		at += STEP; /* fill: 40000 times, any pages */
	}
}

static void *fills(void *memory)
{
	volatile char *from = memory;

	fill(from, from + TIMES * STEP);
	return NULL;
}

int main(void)
{
	char *memory = malloc(2 * TIMES * STEP);
	pthread_t thread;

	expect("calls fill 2");
	if (memory == NULL || pthread_create(&thread, NULL, fills, memory) != 0)
		return 77;
	fills(memory + TIMES * STEP);
	pthread_join(thread, NULL);
	say("filled %d", memory[0] + memory[TIMES * STEP]);
	free(memory);
	return 0;
}
