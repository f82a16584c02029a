/* flags: -pthread */
/*
 * Forks all the time in one thread, and calls in the other. Each child has a fault that its handler, its parent's, mends.
 * SIGUSR1 ends it, 1 if a child has ended in another way.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ENDS_WITH = 7 };
static volatile sig_atomic_t is_told;
static volatile char *page;

/* 256 functions: their probes need page after page. */
#define ONE(n)                                                                                     \
	__attribute__((noinline)) static long called_##n(long x)                                   \
	{                                                                                          \
		return x * 3 + 0x##n;                                                              \
	}
#define ROW(n, do_one)                                                                             \
	do_one(n##0) do_one(n##1) do_one(n##2) do_one(n##3) do_one(n##4) do_one(n##5) do_one(n##6) \
		do_one(n##7) do_one(n##8) do_one(n##9) do_one(n##a) do_one(n##b) do_one(n##c)      \
			do_one(n##d) do_one(n##e) do_one(n##f)
#define ALL(do_one)                                                                                \
	ROW(0, do_one)                                                                             \
	ROW(1, do_one) ROW(2, do_one) ROW(3, do_one) ROW(4, do_one) ROW(5, do_one) ROW(6, do_one)  \
		ROW(7, do_one) ROW(8, do_one) ROW(9, do_one) ROW(a, do_one) ROW(b, do_one)         \
			ROW(c, do_one) ROW(d, do_one) ROW(e, do_one) ROW(f, do_one)
#define NAMED(n) called_##n,

ALL(ONE)
static long (*const all[])(long) = { ALL(NAMED) };

static void end(int signal)
{
	(void)signal;
	is_told = 1;
}

static void mend(int signal)
{
	(void)signal;
	mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE);
}

static void *fork_on(void *argument)
{
	bool *differed = argument;

	while (!is_told) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			*page = 1;
			_exit(ENDS_WITH);
		}
		waitpid(child, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != ENDS_WITH) {
			dprintf(1, "a child has status %x\n", (unsigned)status);
			*differed = true;
		}
	}
	return NULL;
}

int main(void)
{
	bool differed = false;
	pthread_t thread;
	long x = 0;

	page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	signal(SIGUSR1, end);
	signal(SIGSEGV, mend);
	pthread_create(&thread, NULL, fork_on, &differed);
	dprintf(1, "ready\n");
	for (unsigned i = 0; !is_told; i = (i + 1) % 256)
		for (unsigned k = 0; k < 40; k++)
			x = all[i](x);
	pthread_join(thread, NULL);
	return differed;
}
