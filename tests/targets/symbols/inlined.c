/* A function that has an entry, and is inlined wherever it is called. */
#include "count.h"

int count_twice;

int half(int x)
{
	KEEP();
	return x / 2;
}

NOINLINE int twice(int x)
{
	KEEP();
	count_twice++;
	return half(x) + half(x + 1);
}

int main(int argc, char **argv)
{
	int sum = twice(argc) + twice(argc + 1);

	(void)argv;
	print_count(twice);
	return sum == 0;
}
