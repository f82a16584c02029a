/* flags: -pthread */
/* main returns while other threads are inside probed functions. */
#include <pthread.h>

#include "expect.h"

static int ready[2];

static void never_returns(void)
{
	if (write(ready[1], "r", 1) != 1)
		return;
	for (;;)
		pause();
}

static void *run(void *argument)
{
	never_returns();
	return argument;
}

int main(void)
{
	expect("calls never_returns 5 exit");
	expect("threads never_returns 5");
	if (pipe(ready) != 0)
		return 1;
	for (int i = 0; i < 5; i++) {
		pthread_t thread;
		char byte;
		pthread_create(&thread, NULL, run, NULL);
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	}
	return 5;
}
