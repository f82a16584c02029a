/*
 * Calls through jumps that read memory; with "closes", the second half of them without the descriptor for it, since the
 * program closes all that it does not know.
 */
/* variants: reads closes */
#include <string.h>
#include <unistd.h>

#include "expect.h"

static int before(int x)
{
	return x + 1;
}

static int within(int x)
{
	return x + 2;
}

static int deeper(int x)
{
	return within(x) + within(x);
}

int main(int argc, char **argv)
{
	enum { ROUNDS = 50, DESCRIPTORS = 4096 };
	expect("calls before 50");
	expect("calls deeper 50");
	expect("calls within 100");
	int sum = 0;
	for (int i = 0; i < ROUNDS; i++)
		sum += before(i);
	if (argc > 1 && strcmp(argv[1], "closes") == 0) {
		for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++)
			close(fd);
	}
	for (int i = 0; i < ROUNDS; i++)
		sum += deeper(i);
	say("sum %d", sum);
	return 0;
}
