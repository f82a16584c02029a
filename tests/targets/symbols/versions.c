/* Two versions of one symbol, in a library. */
#include "count.h"

int count_old, count_new;

int area_old(int x);
int area_new(int x, int y);
__asm__(".symver area_old, area@VER_1");
__asm__(".symver area_new, area@@VER_2");

int area_old(int x)
{
	count_old++;
	return x * x;
}

int area_new(int x, int y)
{
	count_new++;
	return x * y;
}

void print_counts(void)
{
	print_count(old);
	print_count(new);
}
