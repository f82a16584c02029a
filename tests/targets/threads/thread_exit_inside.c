/* flags: -pthread */
/* pthread_exit in the middle of nested probed functions, with a cleanup handler that is probed. */
#include <pthread.h>

#include "expect.h"

static void clean_up(void *argument)
{
	*(int *)argument += 1;
}

static void leaves_early(int x)
{
	if (x >= 0)
		pthread_exit(NULL);
}

static void around(int *cleaned)
{
	pthread_cleanup_push(clean_up, cleaned);
	leaves_early(*cleaned);
	pthread_cleanup_pop(0);
}

static void *run(void *argument)
{
	around(argument);
	return NULL;
}

int main(void)
{
	int cleaned[20] = { 0 };
	int sum = 0;
	expect("calls leaves_early 20 exit|unwound");
	expect("calls around 20 exit|unwound");
	expect("calls clean_up 20");
	for (int i = 0; i < 20; i++) {
		pthread_t thread;
		pthread_create(&thread, NULL, run, &cleaned[i]);
		pthread_join(thread, NULL);
		sum += cleaned[i];
	}
	say("cleaned %d", sum);
	return 0;
}
