/* variants: same_stack altstack */
/* siglongjmp out of a probed handler, on the stack of the function that it interrupted or another. */
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "expect.h"

static sigjmp_buf back;
static char stack[64 * 1024];

static void handler(int signal)
{
	siglongjmp(back, signal);
}

static void interrupted(void)
{
	raise(SIGUSR1);
}

static int afterwards(int x)
{
	return x + 1;
}

int main(int argc, char **argv)
{
	volatile int sum = 0;
	expect("calls handler 50 unwound");
	expect("calls interrupted 50 unwound");
	expect("calls afterwards 50");
	expect("levels afterwards 0 0");
	struct sigaction action = { .sa_handler = handler };
	if (argc > 1 && strcmp(argv[1], "altstack") == 0) {
		stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
		action.sa_flags = SA_ONSTACK;
		sigaltstack(&alternate, NULL);
	} else {
		expect("nested handler interrupted");
	}
	sigaction(SIGUSR1, &action, NULL);
	for (volatile int i = 0; i < 50; i++) {
		int thrown = sigsetjmp(back, 1);
		if (thrown == 0) {
			interrupted();
			say("never said");
		}
		sum += afterwards(thrown);
	}
	say("sum %d", sum);
	return 0;
}
