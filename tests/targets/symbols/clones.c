/* What GCC and clang make of functions at -O2: clones, parts, cold code. */
#include <stdlib.h>

#include "count.h"

int count_constant, count_part, count_aggregate, count_rare;
static int sink[16];

/* One argument is always the same: .constprop */
static __attribute__((noinline)) int constant(int x, int factor)
{
	KEEP();
	count_constant++;
	return x * factor;
}

struct pair {
	int a, b, unused[20];
};

/* Only a part of the argument is used: .isra */
static __attribute__((noinline)) int aggregate(const struct pair *pair)
{
	KEEP();
	count_aggregate++;
	return pair->a;
}

/* The early return is inlined, the rest is not: .part */
int parted(int *p, int n)
{
	if (n < 3)
		return 0;
	count_part++;
	for (int i = 0; i < n; i++) {
		p[i] = p[i] * n + rand() % 3;
		for (int j = 0; j < 10; j++)
			p[i] ^= (p[(i + j) % 8] << 3) + printf("%s", "");
	}
	return p[0];
}
int (*pointer)(int *, int) = parted;

/* The unlikely half goes elsewhere: .cold */
__attribute__((noinline)) int rare(int x)
{
	KEEP();
	count_rare++;
	if (__builtin_expect(x > 1000, 0)) {
		puts("never");
		abort();
	}
	return x;
}

int use_one(int *p, int n)
{
	return parted(p, n) + 1;
}

int use_two(int *p, int n)
{
	return parted(p, n) + 2;
}

int main(int argc, char **argv)
{
	struct pair pair = { argc, 2, { 0 } };
	int sum = 0;

	(void)argv;
	for (int i = 0; i < 4; i++) {
		pair.a += i;
		sum += constant(argc + i, 7) + aggregate(&pair) + rare(i);
	}
	for (int i = 0; i < 6; i++)
		sum += use_one(sink, i) + use_two(sink, i + argc);
	for (int i = 3; i < 6; i++)
		sum += pointer(sink, i);
	print_count(constant);
	print_count(aggregate);
	print_count(part);
	print_count(rare);
	printf("done %d\n", sum == 12345678);
	return 0;
}
