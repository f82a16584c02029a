/* Functions whose implementation is chosen at run time: one of our own, and libc's. */
#include <string.h>

#include "count.h"

int count_chosen, count_resolved, count_copies;

static int chosen_plain(int x)
{
	KEEP();
	count_chosen++;
	return x + 1;
}

static int chosen_never(int x)
{
	return x - 1;
}

static int (*resolve_chosen(void))(int)
{
	count_resolved++;
	return count_resolved > 1000 ? chosen_never : chosen_plain;
}

int chosen(int x) __attribute__((ifunc("resolve_chosen")));
int (*volatile indirect)(int) = chosen;

static char from[4096], to[4096];

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 5; i++)
		sum += chosen(i) + indirect(i);
	for (int i = 0; i < 7; i++) {
		memset(from, i, 100 + (unsigned)i);
		memcpy(to + i, from, 1000 + (unsigned)sum);
		count_copies++;
	}
	print_count(chosen);
	print_count(copies);
	return 0;
}
