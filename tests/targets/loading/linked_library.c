/* flags: -lplugin */
/* A library linked at build time: probed in its constructor, through the PLT, and at exit. */
#include "expect.h"

int plugin_step(int x);
int plugin_call_back(int (*callback)(int), int count);

static int callback(int x)
{
	return plugin_step(x);
}

int main(void)
{
	expect("calls plugin_start 1");
	expect("calls plugin_stop 1");
	expect("calls plugin_step 28");
	expect("calls plugin_call_back 1");
	expect("calls callback 10");
	int sum = 0;
	for (int i = 0; i < 6; i++)
		sum += plugin_step(i);
	say("sum %d", sum + plugin_call_back(callback, 10));
	return 0;
}
