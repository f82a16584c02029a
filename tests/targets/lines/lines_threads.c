/* flags: -pthread */
/*
 * Two threads in one function, each with an account of its own. What one takes is of the line that the other is in, too:
 * memory is the process's.
 */
#include <pthread.h>

#include "gains.h"

static pthread_barrier_t barrier;
static char *taken;

/* All others stand at a barrier meanwhile. */
__attribute__((noinline)) static void step(int is_mine, int pages)
{
	pthread_barrier_wait(&barrier);
	if (is_mine && pages > 0)
		taken = grow((size_t)pages);
	else if (is_mine)
		give_back(taken, (size_t)-pages);
	pthread_barrier_wait(&barrier);
}

__attribute__((noinline)) static void works(long number)
{
	step(number == 0, 6);	/* works: 2 times, 12 pages */
	step(number == 1, 10);	/* works: 2 times, 20 pages */
	step(number == 0, -10); /* works: 2 times, -20 pages */
	step(0, 0);		/* works: 2 times, 0 pages */
	step(number == 1, 2);	/* works: 2 times, 4 pages */
	step(0, 0);
}

static void *run(void *number)
{
	step(0, 0); /* what a thread needs at its start is there */
	works((long)number);
	return NULL;
}

int main(void)
{
	pthread_t other;

	expect("calls works 2");
	expect("threads works 2");
	warm_up();
	pthread_barrier_init(&barrier, NULL, 2);
	if (pthread_create(&other, NULL, run, (void *)1) != 0)
		return 1;
	run((void *)0);
	return pthread_join(other, NULL);
}
