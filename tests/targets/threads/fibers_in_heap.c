/*
 * A thousand fibers, their stacks side by side in one mapping, each suspended inside a probed call:
 * none of these calls is over before its fiber has returned from it.
 */
#include <stdlib.h>
#include <ucontext.h>

#include "expect.h"

enum { FIBERS = 1000, STACK_BYTES = 16 * 1024 };
static ucontext_t fibers[FIBERS], scheduler;

static void waits(int number)
{
	swapcontext(&fibers[number], &scheduler);
}

static void fiber(int number)
{
	waits(number);
	swapcontext(&fibers[number], &scheduler);
}

int main(void)
{
	expect("calls waits %d", FIBERS);
	expect("calls waits 0 unwound");
	expect("lasts waits 0.1 60");
	expect("migrates"); /* fibers' calls do not nest */
	char *stacks = malloc((size_t)FIBERS * STACK_BYTES);
	for (int i = 0; i < FIBERS; i++) {
		getcontext(&fibers[i]);
		fibers[i].uc_stack.ss_sp = stacks + (size_t)i * STACK_BYTES;
		fibers[i].uc_stack.ss_size = STACK_BYTES;
		makecontext(&fibers[i], (void (*)(void))fiber, 1, i);
	}
	for (int i = 0; i < FIBERS; i++)
		swapcontext(&scheduler, &fibers[i]);
	usleep(100000);
	for (int i = 0; i < FIBERS; i++)
		swapcontext(&scheduler, &fibers[i]);
	free(stacks);
	say("done");
	return 0;
}
