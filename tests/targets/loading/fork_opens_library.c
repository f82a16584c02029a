/* Each child opens a library that its parent does not have, calls into it, and closes it. */
#include <dlfcn.h>
#include <sys/wait.h>

#include "expect.h"

static int uses_library(int x)
{
	void *library = dlopen("libplugin.so", RTLD_NOW);
	if (library == NULL)
		return 100;
	int (*step)(int);
	*(void **)&step = dlsym(library, "plugin_step");
	int result = step(x);
	dlclose(library);
	return result;
}

int main(void)
{
	expect("calls uses_library 9");
	expect("in_children uses_library 6");
	/* With the one of its constructor and the one of its destructor. */
	expect("calls plugin_step 27");
	expect("in_children plugin_step 18");
	expect("processes 4");
	for (int i = 0; i < 3; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			_exit((uses_library(i) + uses_library(i)) & 127);
		waitpid(child, &status, 0);
		say("child %d, parent %d", WEXITSTATUS(status), uses_library(i));
	}
	return 0;
}
