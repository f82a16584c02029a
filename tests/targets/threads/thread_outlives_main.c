/* flags: -pthread */
/* The main thread exits first, inside a probed function; another goes on and ends the process. */
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"

static pthread_t main_thread;

static int goes_on(int x)
{
	return x + 1;
}

static void *run(void *argument)
{
	pthread_join(main_thread, NULL);
	int sum = 0;
	for (int i = 0; i < 100; i++)
		sum = goes_on(sum);
	say("sum %d", sum);
	exit(sum == 100 ? 8 : 1);
	return argument;
}

static void main_leaves(void)
{
	pthread_exit(NULL);
}

int main(void)
{
	expect("calls goes_on 100");
	expect("calls main_leaves 1 exit|unwound");
	expect("processes 1");
	main_thread = pthread_self();
	pthread_t thread;
	pthread_create(&thread, NULL, run, NULL);
	main_leaves();
	return 1;
}
