/* siglongjmp from a probed handler on an alternate stack. */
#include <setjmp.h>
#include <signal.h>

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

int main(void)
{
	volatile int sum = 0;
	expect("calls handler 20 unwound");
	expect("calls interrupted 20 unwound");
	expect("calls afterwards 20");
	expect("levels afterwards 0 0");
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	sigaltstack(&alternate, NULL);
	sigaction(SIGUSR1, &action, NULL);
	for (volatile int i = 0; i < 20; i++) {
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
