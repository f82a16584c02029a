/*
 * Functions that call themselves, directly and not: each page is charged once, to the line of the innermost call. One is
 * left by longjmp(3) from within.
 */
#include <setjmp.h>

#include "gains.h"

static char *kept[64];
static unsigned kept_count;
static jmp_buf away;

__attribute__((noinline)) static void deep(int n)
{
	char *mine = grow(3); /* deep: 6 times, 18 pages */

	if (n > 0)		      /* deep: 6 times, 0 pages */
		deep(n - 1);	      /* deep: 5 times, 0 pages */
	give_back(mine, 2);	      /* deep: 6 times, -12 pages */
	kept[kept_count++] = grow(1); /* deep: 6 times, 6 pages */
}

static void odd(int n);

__attribute__((noinline)) static void even(int n)
{
	kept[kept_count++] = grow(2); /* even: 3 times, 6 pages */
	if (n > 0)		      /* even: 3 times, 0 pages */
		odd(n - 1);	      /* even: 2 times, 2 pages */
	kept[kept_count++] = grow(1); /* even: 3 times, 3 pages */
}

/* Its inner calls are within even, and its own all the same. */
__attribute__((noinline)) static void odd(int n)
{
	kept[kept_count++] = grow(1); /* odd: 2 times, 2 pages */
	even(n - 1);		      /* odd: 2 times, 6 pages */
	kept[kept_count++] = kept[0]; /* odd: 2 times, 0 pages */
}

__attribute__((noinline)) static void leaves(int n)
{
	kept[kept_count++] = grow(4); /* leaves: 4 times, 16 pages */
	if (n == 0)		      /* leaves: 4 times, 0 pages */
		longjmp(away, 1);     /* leaves: 1 times, 0 pages */
	leaves(n - 1);		      /* leaves: 3 times, 0 pages */
	kept[kept_count++] = grow(1);
}

__attribute__((noinline)) static void catches(void)
{
	if (setjmp(away) == 0)	      /* catches: any times, 0 pages */
		leaves(3);	      /* catches: 1 times, 16 pages */
	kept[kept_count++] = grow(2); /* catches: 1 times, 2 pages */
}

int main(void)
{
	expect("calls deep 6");
	expect("calls even 3");
	expect("calls odd 2");
	expect("probe leaves");
	expect("calls catches 1");
	warm_up();
	deep(5);
	even(4);
	catches();
	return 0;
}
