/* A function that moves to a stack of its own, below, and calls a probed one there. */
#include <stdlib.h>

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
	expect("calls around 20");
	expect("calls on_stack 20");
	expect("calls on_other 20");
	expect("calls leaf 60");
	expect("nested on_other on_stack");
	expect("nested on_stack around");
	expect("levels leaf 1 3");
	enum { BYTES = 32 * 1024 };
	char *below = aligned_alloc(16, BYTES);
	long sum = 0;
	for (int i = 0; i < 10; i++)
		sum += around(below + BYTES, i) + around(below + BYTES / 2, i);
	say("sum %ld", sum);
	free(below);
	return 0;
}
