/* Under an address space limit that leaves nothing over: calls from places not seen before go on. */
#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static int later(int x)
{
	return leaf(x) + leaf(x);
}

int main(void)
{
	expect("calls leaf 10");
	expect("calls later 4");
	expect("in_children later 2");
	int x = leaf(0), status;
	const struct rlimit limit = { 4096, 4096 }, few = { 3, 3 };
	setrlimit(RLIMIT_AS, &limit);
	setrlimit(RLIMIT_NOFILE, &few);
	x = later(x);
	void *library = dlopen("libplugin.so", RTLD_NOW);
	pid_t child = fork();
	if (child == 0)
		_exit(later(x) + later(1));
	waitpid(child, &status, 0);
	say("child %d, library %d, %d", WEXITSTATUS(status), library != NULL, later(leaf(x)));
	return 0;
}
