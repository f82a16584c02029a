/* flags: -pthread */
/* Threads created and ended in a storm, by four creators at once; each makes one probed call. */
#include <pthread.h>

#include "expect.h"

enum { CREATORS = 4, THREADS = 60 };

static int short_lived(int x)
{
	return x + 1;
}

static void *live(void *argument)
{
	*(int *)argument = short_lived(*(int *)argument);
	return NULL;
}

static void *create(void *argument)
{
	int *sum = argument;
	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;
		int x = i;
		if (pthread_create(&thread, NULL, live, &x) != 0)
			return NULL;
		pthread_join(thread, NULL);
		*sum += x;
	}
	return NULL;
}

int main(void)
{
	pthread_t creators[CREATORS];
	int sums[CREATORS] = { 0 };
	expect("calls short_lived %d", CREATORS * THREADS);
	expect("threads short_lived %d", CREATORS * THREADS);
	for (int i = 0; i < CREATORS; i++)
		pthread_create(&creators[i], NULL, create, &sums[i]);
	for (int i = 0; i < CREATORS; i++) {
		pthread_join(creators[i], NULL);
		say("sum %d", sums[i]);
	}
	return 0;
}
