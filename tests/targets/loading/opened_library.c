/* flags: -ldl */
/*
 * A library that is opened while the program runs: probed from its constructor on, calls back into
 * the program, is closed (its destructor is probed) and opened again.
 */
#include <dlfcn.h>
#include <libgen.h>
#include <string.h>

#include "expect.h"

static int callback(int x)
{
	return x + 1;
}

static int use_plugin(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	if (library == NULL) {
		say("%s", dlerror());
		return -1;
	}
	int (*call_back)(int (*)(int), int);
	*(void **)&call_back = dlsym(library, "plugin_call_back");
	int sum = call_back(callback, 10);
	dlclose(library);
	return sum;
}

int main(void)
{
	expect("calls callback 30");
	expect("calls plugin_call_back 3");
	expect("calls plugin_step 36");
	expect("calls plugin_start 3");
	expect("nested callback plugin_call_back");
	char path[4096] = "";
	if (readlink("/proc/self/exe", path, sizeof(path) - 32) < 0)
		return 1;
	strcat(dirname(path), "/libplugin.so");
	for (int i = 0; i < 3; i++)
		say("sum %d", use_plugin(path));
	return 0;
}
