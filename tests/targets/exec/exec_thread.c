/* flags: -pthread */
/* exec from a thread that is not the first, while the others are inside probed functions. */
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

static void *wait_thread(void *argument)
{
	waits_for_ever();
	return argument;
}

static void replaces(void)
{
	execl("/proc/self/exe", "exec_thread", "again", (char *)NULL);
}

static void *exec_thread(void *argument)
{
	replaces();
	return argument;
}

static int leaf(int x)
{
	return x + 1;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		say("again %d", leaf(argc));
		return 4;
	}
	expect("calls waits_for_ever 3 exec|exit");
	expect("calls replaces 1 exec");
	expect("calls leaf 1");
	expect("levels leaf 0 0");
	expect("processes 1");
	expect("execs 1");
	if (pipe(ready) != 0)
		return 1;
	pthread_t thread;
	for (int i = 0; i < 3; i++) {
		char byte;
		pthread_create(&thread, NULL, wait_thread, NULL);
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	}
	pthread_create(&thread, NULL, exec_thread, NULL);
	for (;;)
		pause();
}
