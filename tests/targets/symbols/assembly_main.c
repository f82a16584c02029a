/* Calls the functions of assembly.S. */
#include "count.h"

int count_no_size, count_no_type, count_too_large, count_too_small, count_outer, count_inner;
int no_size(int x), no_type(int x), too_large(int x), too_small(int x), outer(int x), inner(int x);
int outer_stub(int x), inner_stub(int x) __asm__("inner$plt"), label_stub(int x);

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += no_size(i) + no_type(i) + too_large(i) + too_small(i);
	for (int i = 0; i < 4; i++)
		sum += i & 1 ? outer_stub(1) : label_stub(0);
	for (int i = 0; i < 2; i++)
		sum += inner_stub(i);
	print_count(no_size);
	print_count(no_type);
	print_count(too_large);
	print_count(too_small);
	print_count(outer);
	print_count(inner);
	return sum == 0;
}
