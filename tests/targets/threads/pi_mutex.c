/* flags: -pthread */
/* A robust mutex with priority inheritance, that others wait for, is held at a thread's death. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "expect.h"

static pthread_mutex_t mutex;
static int ready[2];

static void dies_holding(void)
{
	pthread_mutex_lock(&mutex);
	if (write(ready[1], "r", 1) == 1)
		usleep(3000); /* the other one waits by then, or comes later: both are right */
	pthread_exit(NULL);
}

static void *run(void *argument)
{
	dies_holding();
	return argument;
}

static int takes(void)
{
	int result = pthread_mutex_lock(&mutex);
	if (result == EOWNERDEAD)
		pthread_mutex_consistent(&mutex);
	pthread_mutex_unlock(&mutex);
	return result == EOWNERDEAD;
}

int main(void)
{
	int died = 0;
	char byte;
	expect("calls dies_holding 5 exit|unwound");
	expect("calls takes 6");
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&mutex, &attributes);
	if (pipe(ready) != 0)
		return 1;
	for (int i = 0; i < 5; i++) {
		pthread_t thread;
		pthread_create(&thread, NULL, run, NULL);
		if (read(ready[0], &byte, 1) != 1)
			return 1;
		died += takes();
		pthread_join(thread, NULL);
	}
	say("owner died %d times, then %d", died, takes());
	return 0;
}
