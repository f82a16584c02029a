/* Functions called through pointers, with many arguments, and that return structures. */
#include <stdarg.h>

#include "expect.h"

struct large {
	long values[8];
};

static struct large returns_large(long x)
{
	struct large large;
	for (int i = 0; i < 8; i++)
		large.values[i] = x * i;
	return large;
}

static double variadic(int count, ...)
{
	va_list list;
	double sum = 0;
	va_start(list, count);
	for (int i = 0; i < count; i++)
		sum += va_arg(list, double);
	va_end(list);
	return sum;
}

static long double many_arguments(int a, double b, long double c, int d, int e, int f, int g, int h,
				  struct large large, double i)
{
	return a + b + c + d + e + f + g + h + large.values[7] + i;
}

int main(void)
{
	expect("calls returns_large 3");
	expect("calls variadic 2");
	expect("calls many_arguments 1");
	struct large (*pointer)(long) = returns_large;
	say("large %ld", pointer(3).values[7] + pointer(4).values[1]);
	say("variadic %.3f %.3f", variadic(9, 1., 2., 3., 4., 5., 6., 7., 8., 9.5),
	    variadic(1, 0.25));
	say("many %.3Lf", many_arguments(1, 2.5, 3.25L, 4, 5, 6, 7, 8, pointer(2), 9.125));
	return 0;
}
