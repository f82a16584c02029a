/* flags: -pthread */
/* Threads that sleep in known functions and system calls, below functions that find their frames by the frame pointer. */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

static int ends[2];

/* Interruptions would be seen: these calls are not restarted after a stop with a handler, and say so. */
static void sleeps_in_read(void)
{
	char byte;

	if (read(ends[0], &byte, 1) != 0)
		say("read was interrupted");
}

static void sleeps_in_poll(void)
{
	struct pollfd end = { .fd = ends[0] };

	if (poll(&end, 1, -1) != 1)
		say("poll was interrupted");
}

static void *reader(void *context)
{
	sleeps_in_read();
	return context;
}

static void *poller(void *context)
{
	sleeps_in_poll();
	return context;
}

void grows(int mib)
{
	size_t bytes = (size_t)mib << 20;
	char *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(77);
	memset(memory, 1, bytes);
}

int main(void)
{
	pthread_t threads[2];

	expect("calls grows 3");
	if (pipe(ends) != 0)
		return 77;
	pthread_create(&threads[0], NULL, reader, NULL);
	pthread_create(&threads[1], NULL, poller, NULL);
	for (int i = 0; i < 3; i++) {
		usleep(120000);
		grows(4);
	}
	usleep(120000);
	close(ends[1]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	say("through");
	return 0;
}
