/* Lines that take, lines that give back, loops of several lines and of one, and what a callee does. */
#include "gains.h"

__attribute__((noinline)) static void straight(void)
{
	char *a = grow(10);		 /* straight: 2 times, 20 pages */
	char *b = grow(5), *c = grow(7); /* straight: 2 times, 24 pages */

	give_back(a, 10);	      /* straight: 2 times, -20 pages */
	give_back(b, 5);	      /* straight: 2 times, -10 pages */
	a = grow(3), give_back(c, 7); /* straight: 2 times, -8 pages */
	give_back(a, 3);	      /* straight: 2 times, -6 pages */
}

__attribute__((noinline)) static void loops(int n)
{
	char *kept[32];

	for (int i = 0; i < n; i++) /* loops: 21 times, 0 pages */
		kept[i] = grow(2);  /* loops: 20 times, 40 pages */
	for (int i = 0; i < n; i++)
		give_back(kept[i], 2); /* loops: any times, -40 pages */
	while (n > 0) {		       /* loops: 11 times, 0 pages */
		n -= 2;		       /* loops: 10 times, 0 pages */
		if (n % 4 == 0)	       /* loops: 10 times, 0 pages */
			grow(1);       /* loops: 5 times, 5 pages */
	}			       /* loops: 0 times, 0 pages */
}

__attribute__((noinline)) static char *taker(size_t pages)
{
	char *ret = grow(pages); /* taker: 3 times, 9 pages */
	return ret;		 /* taker: 3 times, 0 pages */
}

__attribute__((noinline)) static void caller(void)
{
	char *a = taker(4);		   /* caller: 1 times, 4 pages */
	char *b = taker(3), *c = taker(2); /* caller: 1 times, 5 pages */
	give_back(a, 4), give_back(b, 3);  /* caller: 1 times, -7 pages */
	give_back(c, 2);		   /* caller: 1 times, -2 pages */
}

int main(void)
{
	expect("calls straight 2");
	expect("calls loops 1");
	expect("calls taker 3");
	expect("calls caller 1");
	warm_up();
	straight();
	straight();
	loops(20);
	caller();
	return 0;
}
