/*
 * Fibers on one thread, on adjacent static stacks, switched in the middle of probed calls: a
 * frame is not gone because a call is entered or left on another stack.
 */
#include <ucontext.h>

#include "expect.h"

enum { FIBERS = 4, ROUNDS = 10, STACK_BYTES = 64 * 1024 };

static char stacks[FIBERS][STACK_BYTES];
static ucontext_t scheduler, fibers[FIBERS];
static int sums[FIBERS];

static void yields(int fiber)
{
	swapcontext(&fibers[fiber], &scheduler);
}

static void works(int fiber)
{
	sums[fiber]++;
	yields(fiber);
	sums[fiber] += 100;
}

static void fiber_body(int fiber)
{
	for (int i = 0; i < ROUNDS; i++)
		works(fiber);
}

static void resumes(int fiber)
{
	swapcontext(&scheduler, &fibers[fiber]);
}

int main(void)
{
	expect("calls yields %d", FIBERS * ROUNDS);
	expect("calls works %d", FIBERS * ROUNDS);
	expect("calls fiber_body %d", FIBERS);
	expect("calls resumes %d", FIBERS * (ROUNDS + 1));
	expect("migrates");
	for (int i = 0; i < FIBERS; i++) {
		getcontext(&fibers[i]);
		fibers[i].uc_stack.ss_sp = stacks[i];
		fibers[i].uc_stack.ss_size = STACK_BYTES;
		fibers[i].uc_link = &scheduler;
		makecontext(&fibers[i], (void (*)(void))fiber_body, 1, i);
	}
	for (int round = 0; round <= ROUNDS; round++) {
		for (int i = 0; i < FIBERS; i++)
			resumes(i);
	}
	for (int i = 0; i < FIBERS; i++)
		say("fiber %d sum %d", i, sums[i]);
	return 0;
}
