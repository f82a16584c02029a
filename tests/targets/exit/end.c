/* variants: exit underscore_exit abort killed terminated realtime_signal segv illegal */
/* The end of a process inside nested probed functions, in the way that its argument names. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static int is(const char *way, const char *name)
{
	return strcmp(way, name) == 0;
}

static void innermost(const char *way)
{
	volatile long address = 16;
	if (is(way, "exit"))
		exit(76);
	if (is(way, "underscore_exit"))
		_exit(255);
	if (is(way, "abort"))
		abort();
	if (is(way, "killed"))
		kill(getpid(), SIGKILL);
	if (is(way, "terminated"))
		raise(SIGTERM);
	if (is(way, "realtime_signal"))
		raise(SIGRTMIN + 3);
	if (is(way, "segv"))
		*(volatile int *)address = 1;
	if (is(way, "illegal"))
		__builtin_trap();
}

static void within(const char *way)
{
	innermost(way);
	say("never said");
}

static const char *before(const char *way)
{
	return way;
}

int main(int argc, char **argv)
{
	expect("calls innermost 1 exit");
	expect("calls within 1 exit");
	expect("calls before 1");
	expect("levels innermost 1 1");
	expect("processes 1");
	within(before(argc > 1 ? argv[1] : ""));
	return 1;
}
