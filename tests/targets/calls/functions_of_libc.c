/* Functions of libc, called through the PLT (or its GOT), from the program and from libc. */
#include <stdlib.h>

#include "expect.h"

int main(void)
{
	expect("calls strtod 5");
	expect("calls getsubopt 2");
	double sum = 0;
	for (int i = 0; i < 5; i++)
		sum += strtod("1.5", NULL);
	char text[] = "one,two=2", *rest = text, *value;
	char *const words[] = { "one", "two", NULL };
	int first = getsubopt(&rest, words, &value);
	int second = getsubopt(&rest, words, &value);
	say("sum %.1f, %d %d %s", sum, first, second, value);
	return 0;
}
