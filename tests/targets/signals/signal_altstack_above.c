/* A probed handler on an alternate stack above the frames that it interrupted, which live on. */
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
	/* A frame above open ones on one mapping looks like one that was thrown to: levels are a guess. */
	expect("migrates");
	expect("calls handler 4");
	expect("calls in_handler 4");
	expect("calls interrupted 4");
	expect("calls around 2");
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	sigaction(SIGUSR2, &action, NULL);
	/* main's own frame lies above what it calls. */
	char above[STACK_BYTES];
	if (use_stack(above) != 0 || use_stack(above) != 0)
		return 1;
	say("handled %d", handled);
	return 0;
}
