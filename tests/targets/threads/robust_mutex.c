/* flags: -pthread */
/* Threads and a process that end with a robust mutex held, inside a probed function. */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

static pthread_mutex_t *mutex;

static void ends_holding(void)
{
	pthread_mutex_lock(mutex);
	pthread_exit(NULL);
}

static void *run(void *argument)
{
	ends_holding();
	return argument;
}

static int takes_over(void)
{
	int owner_died = pthread_mutex_lock(mutex) == EOWNERDEAD;
	pthread_mutex_consistent(mutex);
	pthread_mutex_unlock(mutex);
	return owner_died;
}

int main(void)
{
	int died = 0;
	expect("calls ends_holding 6 exit|unwound");
	expect("calls takes_over 6");
	mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &attributes);
	for (int i = 0; i < 5; i++) {
		pthread_t thread;
		pthread_create(&thread, NULL, run, NULL);
		pthread_join(thread, NULL);
		died += takes_over();
	}
	pid_t child = fork();
	if (child == 0) {
		ends_holding();
		_exit(1);
	}
	waitpid(child, NULL, 0);
	died += takes_over();
	say("owner died %d times", died);
	return 0;
}
