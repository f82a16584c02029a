/* flags: -pthread */
/*
 * Random walks over five functions in three threads, with recursion of every shape, longjmp to any
 * of the enclosing frames, and signals in between; each thread keeps the true count itself.
 * usage: random_walk [CALLS [SEED]]
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

#include "expect.h"

enum { THREADS = 3, FUNCTIONS = 5, DEPTH_MAX = 40 };

struct walk {
	unsigned random;
	int calls_left;
	jmp_buf back[DEPTH_MAX];
	int can_catch[DEPTH_MAX];
	long entered[FUNCTIONS], returned[FUNCTIONS];
};

static __thread struct walk *current;

static unsigned next_random(unsigned below)
{
	current->random = current->random * 1103515245u + 12345u;
	return (current->random >> 16) % below;
}

static void step(int depth);

#define WALKER(number)                                                                             \
	static void walk_##number(int depth)                                                       \
	{                                                                                          \
		current->entered[number]++;                                                        \
		step(depth);                                                                       \
		current->returned[number]++;                                                       \
	}
WALKER(0)
WALKER(1)
WALKER(2)
WALKER(3)
WALKER(4)

static void call_some(int depth)
{
	static void (*const walkers[FUNCTIONS])(int) = { walk_0, walk_1, walk_2, walk_3, walk_4 };
	current->calls_left--;
	walkers[next_random(FUNCTIONS)](depth);
}

static void throw_past_some(int depth)
{
	int to = (int)next_random((unsigned)depth + 1);
	while (to >= 0 && !current->can_catch[to])
		to--;
	if (to >= 0)
		longjmp(current->back[to], 1);
}

/* What a walker does at its depth: a few calls, perhaps within a setjmp, perhaps a throw. */
static void step(int depth)
{
	volatile unsigned calls = next_random(3);
	current->can_catch[depth] = next_random(4) == 0;
	if (current->can_catch[depth] && setjmp(current->back[depth]) != 0)
		calls = next_random(2);
	while (calls-- > 0 && depth + 1 < DEPTH_MAX && current->calls_left > 0)
		call_some(depth + 1);
	current->can_catch[depth] = 0;
	switch (next_random(8)) {
	case 0:
		throw_past_some(depth);
		break;
	case 1:
		raise(SIGUSR1);
		break;
	}
}

static void handler(int signal)
{
	(void)signal;
	next_random(2);
}

static void *run(void *argument)
{
	current = argument;
	while (current->calls_left > 0)
		call_some(0);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct walk walks[THREADS];
	pthread_t threads[THREADS];
	signal(SIGUSR1, handler);
	for (int t = 0; t < THREADS; t++) {
		walks[t].calls_left = argc > 1 ? atoi(argv[1]) : 2000;
		walks[t].random = (unsigned)(argc > 2 ? atoi(argv[2]) : 1) * 7919u + (unsigned)t;
		pthread_create(&threads[t], NULL, run, &walks[t]);
	}
	for (int t = 0; t < THREADS; t++) {
		pthread_join(threads[t], NULL);
		say("thread %d, random %u", t, walks[t].random);
	}
	for (int f = 0; f < FUNCTIONS; f++) {
		long entered = 0, returned = 0;
		for (int t = 0; t < THREADS; t++) {
			entered += walks[t].entered[f];
			returned += walks[t].returned[f];
		}
		expect("calls walk_%d %ld", f, returned);
		expect("calls walk_%d %ld unwound", f, entered - returned);
		expect("threads walk_%d %d", f, THREADS);
	}
	return 0;
}
