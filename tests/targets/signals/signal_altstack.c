/* variants: below above */
/* A probed handler on an alternate stack below or above the frames that it interrupted. */
#include <signal.h>
#include <string.h>

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

int main(int argc, char **argv)
{
	static char below[STACK_BYTES]; /* the program's data lies below its stack */
	char above[STACK_BYTES]; /* main's own frame lies above what it calls */
	int is_above = argc > 1 && strcmp(argv[1], "above") == 0;
	expect("calls handler 4");
	expect("calls in_handler 4");
	expect("calls interrupted 4");
	expect("calls around 2");
	if (is_above) {
		/* It looks like a frame that was thrown to, on the same mapping: levels are a guess. */
		expect("migrates");
	} else {
		expect("nested in_handler handler");
		expect("nested handler interrupted");
		expect("nested interrupted around");
	}
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	sigaction(SIGUSR2, &action, NULL);
	char *stack = is_above ? above : below;
	if (use_stack(stack) != 0 || use_stack(stack) != 0)
		return 1;
	say("handled %d", handled);
	return 0;
}
