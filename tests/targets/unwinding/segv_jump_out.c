/*
 * The first instruction of a probed function faults, and the handler leaves by siglongjmp: the next
 * call, from the same place with the same frame, is another call, not the first one resumed.
 */
#include <setjmp.h>
#include <signal.h>

#include "expect.h"

long load_argument(const long *from);

asm(ASM_FUNCTION(load_argument) "	mov (%rdi), %rax\n	ret\n" ASM_END(load_argument));

static sigjmp_buf back;

static void handler(int signal)
{
	siglongjmp(back, signal);
}

static int afterwards(int x)
{
	return x + 1;
}

int main(void)
{
	static const long good = 5;
	volatile long sum = 0;
	expect("calls load_argument 20 unwound");
	expect("calls load_argument 20");
	expect("calls afterwards 1");
	signal(SIGSEGV, handler);
	for (volatile int i = 0; i < 40; i++) {
		if (sigsetjmp(back, 1) == 0)
			sum += load_argument(i % 2 ? &good : (const long *)8);
		else
			sum += 100;
	}
	say("sum %ld, afterwards %d", sum, afterwards(1));
	return 0;
}
