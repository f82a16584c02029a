/* A probed comparison that libc calls: the return addresses are in libc. */
#include <stdlib.h>

#include "expect.h"

static int compared;

static int compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	compared++;
	return (x > y) - (x < y);
}

int main(void)
{
	int numbers[500];
	unsigned x = 1;
	for (int i = 0; i < 500; i++)
		numbers[i] = (int)((x = x * 1103515245u + 12345u) >> 16);
	qsort(numbers, 500, sizeof(numbers[0]), compare);
	int *found = bsearch(&numbers[77], numbers, 500, sizeof(numbers[0]), compare);
	expect("calls compare %d", compared);
	say("least %d, found %d", numbers[0], found != NULL && *found == numbers[77]);
	return 0;
}
