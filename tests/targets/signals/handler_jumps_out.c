/*
 * A handler on a stack of its own jumps out of what it has interrupted, and comes again: what is called by then is
 * around it, and goes on.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

#include "expect.h"

enum { STACK_BYTES = 64 * 1024 };

static sigjmp_buf back;
static volatile int jumps, handled;

static void in_handler(void)
{
	handled++;
	if (jumps)
		siglongjmp(back, 1);
}

static void handler(int signal)
{
	(void)signal;
	in_handler();
}

static void interrupted(void)
{
	raise(SIGUSR2);
}

static void goes_on(void)
{
	raise(SIGUSR2);
	raise(SIGUSR2);
}

static void around(void)
{
	jumps = 1;
	if (sigsetjmp(back, 1) == 0) {
		interrupted();
		handled = -1; /* only a return leads here */
	}
	jumps = 0;
	goes_on();
}

int main(void)
{
	stack_t stack = { .ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES };
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };

	expect("calls around 3");
	expect("calls interrupted 3 unwound");
	expect("calls goes_on 3");
	expect("calls handler 3 unwound");
	expect("calls handler 6");
	expect("calls in_handler 3 unwound");
	expect("calls in_handler 6");
	expect("levels around 0 0");
	expect("levels goes_on 1 1");
	expect("levels handler 2 2");
	expect("levels in_handler 3 3");
	expect("nested goes_on around");
	if (stack.ss_sp == NULL || sigaltstack(&stack, NULL) != 0)
		return 1;
	sigaction(SIGUSR2, &action, NULL);
	for (int i = 0; i < 3; i++)
		around();
	say("handled %d", handled);
	return 0;
}
