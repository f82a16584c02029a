/* A probed handler on an alternate stack below the interrupted frames. */
#include <signal.h>

#include "expect.h"

enum { STACK_BYTES = 64 * 1024 };

static volatile int handled;

static int in_handler(int x)
{
	return x + 1;
}

static void handler(int signal)
{
	(void)signal;
	handled = in_handler(handled);
}

static void interrupted(void)
{
	raise(SIGUSR2);
}

static void around(void)
{
	interrupted();
	interrupted();
}

static int use_stack(void *stack)
{
	stack_t alternate = { .ss_sp = stack, .ss_size = STACK_BYTES };
	if (sigaltstack(&alternate, NULL) != 0)
		return -1;
	around();
	return 0;
}

int main(void)
{
	static char below[STACK_BYTES]; /* the program's data lies below its stack */
	expect("calls handler 4");
	expect("calls in_handler 4");
	expect("calls interrupted 4");
	expect("calls around 2");
	expect("nested in_handler handler");
	expect("nested handler interrupted");
	expect("nested interrupted around");
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	sigaction(SIGUSR2, &action, NULL);
	if (use_stack(below) != 0 || use_stack(below) != 0)
		return 1;
	say("handled %d", handled);
	return 0;
}
