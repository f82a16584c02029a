/* A function whose implementation is chosen at run time (IFUNC): by its name and by a pointer. */
#include <stdio.h>

__attribute__((noinline)) static int chosen_first(int x)
{
	return x + 1;
}

static int (*resolve_chosen(void))(int)
{
	return chosen_first;
}

int chosen(int x) __attribute__((ifunc("resolve_chosen")));
int (*volatile by_pointer)(int) = chosen;

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += chosen(i) + by_pointer(i);
	printf("%d\n", sum);
	return 0;
}
