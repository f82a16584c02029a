/* variants: below above */
/* A function that moves to a stack of its own, below or above, and calls a probed one there. */
#include <stdlib.h>
#include <string.h>

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

int main(int argc, char **argv)
{
	enum { BYTES = 32 * 1024 };
	char above[BYTES] __attribute__((aligned(16))); /* main's frame is above its callees' */
	char *below = aligned_alloc(16, BYTES);
	int is_above = argc > 1 && strcmp(argv[1], "above") == 0;
	expect("calls around 20");
	expect("calls on_stack 20");
	expect("calls on_other 20");
	expect("calls leaf 60");
	if (is_above) {
		/* It looks like a frame that was thrown to, on the same mapping: levels are a guess. */
		expect("migrates");
	} else {
		expect("nested on_other on_stack");
		expect("nested on_stack around");
		expect("levels leaf 1 3");
	}
	char *stack = is_above ? above : below;
	long sum = 0;
	for (int i = 0; i < 10; i++)
		sum += around(stack + BYTES, i) + around(stack + BYTES / 2, i);
	say("sum %ld", sum);
	free(below);
	return 0;
}
