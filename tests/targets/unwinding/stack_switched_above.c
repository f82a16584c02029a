/* A function that moves to a stack of its own, above, and calls a probed one there. */
#include "expect.h"

long on_stack(void *top, long (*function)(long), long x);

asm(ASM_FUNCTION(on_stack)
    "	push %rbp\n"
    "	mov %rsp, %rbp\n"
    "	mov %rdi, %rsp\n"
    "	mov %rdx, %rdi\n"
    "	call *%rsi\n"
    "	mov %rbp, %rsp\n"
    "	pop %rbp\n"
    "	ret\n" ASM_END(on_stack));

static long leaf(long x)
{
	return x + 1;
}

static long on_other(long x)
{
	return leaf(x) + leaf(x);
}

static long around(void *top, long x)
{
	return on_stack(top, on_other, x) + leaf(x);
}

int main(void)
{
	/* A frame above open ones on one mapping looks like one that was thrown to: levels are a guess. */
	expect("migrates");
	expect("calls around 20");
	expect("calls on_stack 20");
	expect("calls on_other 20");
	expect("calls leaf 60");
	enum { BYTES = 32 * 1024 };
	char above[BYTES] __attribute__((aligned(16))); /* main's frame is above its callees' */
	long sum = 0;
	for (int i = 0; i < 10; i++)
		sum += around(above + BYTES, i) + around(above + BYTES / 2, i);
	say("sum %ld", sum);
	return 0;
}
