/* flags: -pthread */
/*
 * Fibers that are resumed by a new thread each round: a probed call is entered on one thread and
 * left on another, when the first one has already ended.
 */
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include "expect.h"

enum { FIBERS = 6, ROUNDS = 12, STACK_BYTES = 32 * 1024 };

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

/* One round of all fibers on a thread of its own. */
static void *resume_all(void *argument)
{
	for (int i = 0; i < FIBERS; i++) {
		ucontext_t here;
		resumer[i] = &here;
		swapcontext(&here, &fibers[i]);
	}
	return argument;
}

int main(void)
{
	expect("calls yields %d", FIBERS * ROUNDS);
	expect("calls works %d", FIBERS * ROUNDS);
	expect("threads works %d", ROUNDS);
	expect("migrates");
	char *stacks = malloc((size_t)FIBERS * STACK_BYTES);
	for (int i = 0; i < FIBERS; i++) {
		getcontext(&fibers[i]);
		fibers[i].uc_stack.ss_sp = stacks + i * STACK_BYTES;
		fibers[i].uc_stack.ss_size = STACK_BYTES;
		makecontext(&fibers[i], (void (*)(void))fiber_body, 1, i);
	}
	for (int round = 0; round <= ROUNDS; round++) {
		pthread_t thread;
		pthread_create(&thread, NULL, resume_all, NULL);
		pthread_join(thread, NULL);
	}
	for (int i = 0; i < FIBERS; i++)
		say("fiber %d sum %d", i, sums[i]);
	free(stacks);
	return 0;
}
