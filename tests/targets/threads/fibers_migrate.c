/* flags: -pthread */
/*
 * Fibers on adjacent malloc'ed stacks that three threads resume in turns: a probed call is entered
 * on one thread and left on another.
 */
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include "expect.h"

enum { THREADS = 3, FIBERS = 6, ROUNDS = 12, STACK_BYTES = 32 * 1024 };

static pthread_barrier_t turn;
static ucontext_t fibers[FIBERS];
static ucontext_t *resumer[FIBERS];
static int sums[FIBERS];

static void yields(int fiber)
{
	swapcontext(&fibers[fiber], resumer[fiber]);
}

static void works(int fiber)
{
	sums[fiber]++;
	yields(fiber);
	sums[fiber] += 1000;
}

static void fiber_body(int fiber)
{
	for (int i = 0; i < ROUNDS; i++)
		works(fiber);
	setcontext(resumer[fiber]);
}

/* The rounds that are this thread's turn. */
static void *resume_in_turns(void *argument)
{
	for (int round = 0; round <= ROUNDS; round++) {
		for (int i = 0; i < FIBERS && round % THREADS == *(int *)argument; i++) {
			ucontext_t here;
			resumer[i] = &here;
			swapcontext(&here, &fibers[i]);
		}
		pthread_barrier_wait(&turn);
	}
	return NULL;
}

int main(void)
{
	expect("calls yields %d", FIBERS * ROUNDS);
	expect("calls works %d", FIBERS * ROUNDS);
	expect("threads works %d", THREADS);
	expect("migrates");
	char *stacks = malloc((size_t)FIBERS * STACK_BYTES);
	for (int i = 0; i < FIBERS; i++) {
		getcontext(&fibers[i]);
		fibers[i].uc_stack.ss_sp = stacks + i * STACK_BYTES;
		fibers[i].uc_stack.ss_size = STACK_BYTES;
		makecontext(&fibers[i], (void (*)(void))fiber_body, 1, i);
	}
	pthread_t threads[THREADS];
	int numbers[THREADS];
	pthread_barrier_init(&turn, NULL, THREADS);
	for (int t = 0; t < THREADS; t++) {
		numbers[t] = t;
		pthread_create(&threads[t], NULL, resume_in_turns, &numbers[t]);
	}
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	for (int i = 0; i < FIBERS; i++)
		say("fiber %d sum %d", i, sums[i]);
	free(stacks);
	return 0;
}
