/* A program that starts as root and becomes nobody: calls, a fork, a library and an exec after it. */
#include <dlfcn.h>
#include <grp.h>
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

int main(int argc, char **argv)
{
	if (argc > 1) {
		say("%s: user %d, %d", argv[1], (int)getuid(), outer(1));
		return 4;
	}
	if (geteuid() != 0) {
		say("only root can become another user");
		return 77;
	}
	expect("calls leaf 6");
	expect("calls outer 5");
	expect("in_children outer 1");
	expect("calls plugin_step 3");
	expect("execs 1");
	int x = leaf(0), status;
	if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
		return 1;
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
	x = outer(step(x));
	dlclose(library);
	say("child %d, user %d, %d", WEXITSTATUS(status), (int)geteuid(), outer(x));
	execl("/proc/self/exe", "drops_root", "again", (char *)NULL);
	return 1;
}
