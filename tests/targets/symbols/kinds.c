/* Kinds of C functions: statics of one name in two files, aliases, weak, constructors, inlined. */
#include "count.h"
#include "kinds.h"

int count_first, count_hidden_a, count_hidden_b, count_weak, count_twice, count_start, count_deep,
	count_other;

static NOINLINE int hidden(int x)
{
	KEEP();
	count_hidden_a++;
	return x + 1;
}

NOINLINE int first_name(int x)
{
	count_first++;
	return x + 2;
}
int other_name(int x) __attribute__((alias("first_name")));

__attribute__((weak)) NOINLINE int weak_one(int x)
{
	KEEP();
	count_weak++;
	return x;
}

static inline __attribute__((always_inline)) int everywhere(int x)
{
	KEEP();
	count_twice++; /* a line of everywhere */
	return x * 3;
}

__attribute__((constructor)) NOINLINE static void before_main(void)
{
	KEEP();
	count_start++;
}

NOINLINE int deep(int n)
{
	count_deep++;
	/* No code here: the next line with code is meant. */
	int below = n == 0 ? 0 : deep(n - 1); /* a line of deep */
	KEEP();
	return below + 1;
}

NOINLINE int work(int x)
{
	count_other++; /* a line of work */
	return hidden(x) + everywhere(x) + everywhere(x + 1);
}

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += work(i) + first_name(i);
	for (int i = 0; i < 4; i++)
		sum += other_name(i) + weak_one(i);
	sum += second_file(5) + deep(6);
	print_count(first);
	print_count(hidden_a);
	print_count(hidden_b);
	print_count(weak);
	print_count(twice);
	print_count(start);
	print_count(deep);
	print_count(other);
	printf("sum %d\n", sum);
	return 0;
}
