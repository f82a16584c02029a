/* A program that forbids others to look into it, before its first calls, a fork and a library. */
#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static int outer(int x)
{
	return leaf(x) + 1;
}

int main(void)
{
	expect("calls leaf 4");
	expect("calls outer 3");
	expect("in_children outer 1");
	expect("calls plugin_step 3");
	int x = leaf(0), status;
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	x = outer(x);
	pid_t child = fork();
	if (child == 0)
		_exit(outer(x));
	waitpid(child, &status, 0);
	void *library = dlopen("libplugin.so", RTLD_NOW);
	if (library == NULL)
		return 1;
	int (*step)(int);
	*(void **)&step = dlsym(library, "plugin_step");
	x = step(x);
	dlclose(library);
	say("child %d, dumpable %d, no new privileges %d, %d", WEXITSTATUS(status),
	    prctl(PR_GET_DUMPABLE), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), outer(x));
	return 0;
}
