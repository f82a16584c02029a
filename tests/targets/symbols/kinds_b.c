/* The second file of kinds.c. */
#include "count.h"
#include "kinds.h"

static NOINLINE int hidden(int x)
{
	KEEP();
	count_hidden_b++;
	return x + 10;
}

NOINLINE int second_file(int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += hidden(i);
	return sum;
}
