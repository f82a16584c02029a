/* Functions that have no code of their own: one within a loop, one within another. */
#include <stdio.h>

#define INLINED static inline __attribute__((always_inline))

/* A call of it cannot be moved, nor computed in advance. */
__attribute__((noinline)) int touch(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x;
}

INLINED int inner(int x)
{
	return touch(x) + 1;
}

INLINED int outer(int x)
{
	return touch(x) * inner(x) + touch(x);
}

int main(void)
{
	int sum = 0;

#pragma GCC unroll 1
	for (int i = 0; i < 4; i++)
		sum += outer(i);
	sum += inner(sum);
	printf("%d\n", sum);
	return 0;
}
