/* A library that is opened, closed and opened again elsewhere. */
#include <stdio.h>

static int count_start;

__attribute__((constructor)) static void plugin_start(void)
{
	count_start++;
}

int plugin_work(int x)
{
	return x * 2 + count_start;
}

__attribute__((destructor)) static void plugin_end(void)
{
	count_start--;
}
