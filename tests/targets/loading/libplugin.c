/* A library with a constructor and a function that calls back: for *_library.c and opens_and_closes. */
#include <stdio.h>
#include <unistd.h>

int plugin_step(int x);
int plugin_call_back(int (*callback)(int), int count);
int plugin_pure(int x);

static int started;

int plugin_step(int x)
{
	return x * 2 + started;
}

int plugin_call_back(int (*callback)(int), int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++)
		sum += callback(plugin_step(i));
	return sum;
}

/* Its code alone is enough to call it. */
int plugin_pure(int x)
{
	return x * 3 + 1;
}

__attribute__((constructor)) static void plugin_start(void)
{
	started = 1;
	plugin_step(5);
}

__attribute__((destructor)) static void plugin_stop(void)
{
	plugin_step(6);
}
