/*
 * usage: summed_to_the_end killed|ends|locks|traces CHILDREN
 *
 * Functions that pads sum up, in child processes that come to an end with them. Says how many calls of leaf each has made.
 *
 *   killed   calls leaf for ever, and is killed in the middle of that
 *   ends     threads call it so often each, and end while the process does
 *   locks    goes on without jumps, for it locks its memory
 *   traces   is let go by what records it, for it uses ptrace(2)
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	THREADS = 3,
	CALLS_EACH = 3000,
	CALLS_BEFORE = 100000,
	CALLS_BEHIND = 10,
	CALLS_BEFORE_KILL = 4000,
	CHILDREN_MOST = 4096
};
static volatile long *made; /* of the child, by the calls themselves */
static sem_t done;

/* That it is there says that the call has begun. */
static __attribute__((noinline)) void leaf(volatile long *count)
{
	*count += 1;
}

static void *thread(void *count)
{
	for (int i = 0; i < CALLS_EACH; i++)
		leaf(count);
	sem_post(&done); /* the last thing: the process ends then */
	return NULL;
}

static void ends(void)
{
	static volatile long counts[THREADS];
	pthread_t threads[THREADS];

	sem_init(&done, 0, 0);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, thread, (void *)&counts[i]);
	for (int i = 0; i < THREADS; i++)
		sem_wait(&done);
	for (int i = 0; i < THREADS; i++)
		*made += counts[i];
	_exit(0);
}

static void calls(long count)
{
	for (long i = 0; i < count; i++)
		leaf(made);
}

static void killed(void)
{
	for (;;)
		leaf(made);
}

static void locks(void)
{
	calls(CALLS_BEFORE);
	mlockall(MCL_CURRENT);
	calls(CALLS_BEHIND);
	_exit(0);
}

static void traces(void)
{
	calls(CALLS_BEFORE);
	ptrace(PTRACE_CONT, getpid(), NULL, NULL);
	_exit(0);
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = { { "killed", killed }, { "ends", ends }, { "locks", locks }, { "traces", traces } };

int main(int argc, char **argv)
{
	const int children = argc > 2 ? atoi(argv[2]) : 0;
	long *counts = mmap(NULL, CHILDREN_MOST * sizeof(*counts), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (children < 1 || children > CHILDREN_MOST || counts == MAP_FAILED)
		return 2;
	void (*run)(void) = NULL;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		run = strcmp(argv[1], ways[i].name) == 0 ? ways[i].run : run;
	if (run == NULL)
		return 2;
	for (int i = 0; i < children; i++) {
		made = &counts[i];
		pid_t child = fork();
		if (child == 0)
			run();
		while (run == killed && *made < CALLS_BEFORE_KILL)
			usleep(100);
		if (run == killed)
			kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		printf("%d %ld\n", (int)child, *made);
	}
	return 0;
}
