/* flags: -pthread */
/* variants: alone threads child */
/*
 * Gets much memory in culprit(), and gives it back at once, while other threads sleep in waits(), and compute in computes().
 * It says "culprit FUNCTION MIB".
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

enum { PAGE = 4096, MIB = 1 << 20, CULPRIT_MIB = 24, WAITERS = 3 };

static int ends[2]; /* what waiters read from: it ends when the culprit is through */

static void touch(volatile char *memory, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += PAGE)
		memory[i] = 1;
}

void culprit(void)
{
	size_t bytes = (size_t)CULPRIT_MIB * MIB;
	char *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(77);
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	touch(memory, bytes);
	munmap(memory, bytes);
}

static void waits(void)
{
	char byte;

	while (read(ends[0], &byte, 1) > 0)
		;
}

static void *wait_in_thread(void *context)
{
	waits();
	return context;
}

static void computes(void)
{
	for (volatile long i = 0; i < 20000000; i++)
		;
}

static void *compute_in_thread(void *context)
{
	computes();
	return context;
}

static void *culprit_in_thread(void *context)
{
	computes();
	culprit();
	computes();
	return context;
}

static void run_threads(void)
{
	pthread_t threads[WAITERS + 2];

	if (pipe(ends) != 0)
		_exit(77);
	for (int i = 0; i < WAITERS; i++)
		pthread_create(&threads[i], NULL, wait_in_thread, NULL);
	pthread_create(&threads[WAITERS], NULL, compute_in_thread, NULL);
	pthread_create(&threads[WAITERS + 1], NULL, culprit_in_thread, NULL);
	pthread_join(threads[WAITERS + 1], NULL);
	close(ends[1]);
	for (int i = 0; i <= WAITERS; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	const char *shape = argc > 1 ? argv[1] : "alone";

	expect("calls culprit 1");
	say("culprit culprit %d", CULPRIT_MIB);
	if (strcmp(shape, "threads") == 0) {
		run_threads();
	} else if (strcmp(shape, "child") == 0) {
		if (fork() == 0) {
			run_threads();
			_exit(0);
		}
		wait(NULL);
	} else {
		computes();
		culprit();
		computes();
	}
	return 0;
}
