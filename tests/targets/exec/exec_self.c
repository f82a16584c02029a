/* A program that replaces itself by itself, three times, from inside nested probed functions. */
#include <stdlib.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void replaces(int left)
{
	char text[16];
	snprintf(text, sizeof(text), "%d", left);
	execl("/proc/self/exe", "exec_self", text, (char *)NULL);
}

static void around(int left)
{
	replaces(left);
	say("exec failed");
}

int main(int argc, char **argv)
{
	int left = argc > 1 ? atoi(argv[1]) : 3;
	if (argc == 1) {
		expect("calls leaf 4");
		expect("calls replaces 3 exec");
		expect("calls around 3 exec");
		expect("nested replaces around");
		expect("processes 1");
		expect("execs 3");
	}
	say("left %d", leaf(left));
	if (left > 0)
		around(left - 1);
	return 0;
}
