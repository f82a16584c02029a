/* flags: -pthread */
/* A thread cancelled while it waits inside a probed function. */
#include <pthread.h>

#include "expect.h"

static int ready[2];

static void waits_for_ever(void)
{
	if (write(ready[1], "r", 1) != 1)
		return;
	for (;;)
		pause();
}

static void *run(void *argument)
{
	waits_for_ever();
	return argument;
}

int main(void)
{
	expect("calls waits_for_ever 10 exit|unwound");
	if (pipe(ready) != 0)
		return 1;
	int cancelled = 0;
	for (int i = 0; i < 10; i++) {
		pthread_t thread;
		char byte;
		void *result;
		pthread_create(&thread, NULL, run, NULL);
		if (read(ready[0], &byte, 1) != 1)
			return 1;
		pthread_cancel(thread);
		pthread_join(thread, &result);
		cancelled += result == PTHREAD_CANCELED;
	}
	say("cancelled %d", cancelled);
	return 0;
}
