/*
 * Calls a function many times, one call after the other, says "ready PID", and then either waits for a
 * signal without another call, or calls on until one ends it. usage: calls_fast then_waits | on_and_on
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile unsigned sum;

static void step(void)
{
	sum += 3;
}

int main(int argc, char **argv)
{
	enum { CALLS = 1000 };
	for (int i = 0; i < CALLS; i++)
		step();
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (argc > 1 && strcmp(argv[1], "then_waits") == 0)
		pause();
	for (;;)
		step();
}
