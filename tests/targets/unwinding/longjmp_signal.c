/* siglongjmp out of a probed signal handler that interrupted a probed function. */
#include <setjmp.h>
#include <signal.h>

#include "expect.h"

static sigjmp_buf back;

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
	expect("calls handler 50 unwound");
	expect("calls interrupted 50 unwound");
	expect("calls afterwards 50");
	expect("nested handler interrupted");
	expect("levels afterwards 0 0");
	signal(SIGUSR1, handler);
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
