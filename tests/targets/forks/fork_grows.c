/* A child takes much more memory in a probed function than its parent ever has. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "expect.h"

static const size_t MIB = 1024 * 1024;

static char *touches(size_t mib)
{
	char *memory = malloc(mib * MIB);
	memset(memory, 1, mib * MIB);
	return memory;
}

static char *holds(void)
{
	return touches(16);
}

static char *grows(void)
{
	return touches(64);
}

int main(void)
{
	expect("calls holds 1");
	expect("calls grows 1");
	expect("in_children holds 0");
	expect("in_children grows 1");
	expect("gain holds 15 18");
	expect("gain grows 63 66");
	expect("held grows 15 28");
	expect("processes 2");
	expect("peak 16 28");
	char *held = holds();
	pid_t child = fork();
	if (child == 0)
		_exit(grows()[1000] + held[1000]);
	int status;
	waitpid(child, &status, 0);
	say("child %d", WEXITSTATUS(status));
	free(held);
	return 0;
}
