/*
 * Functions that are inlined wherever they are called: beside each other, within each other, in loops, in a
 * recursion, in threads, in a signal handler, in a child. Counts its calls, and prints the counts.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define INLINED static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

enum { THREADS = 4, ROUNDS = 300, DEPTH = 5 };

static atomic_ulong grown, summed, chosen, outside, inside;
static _Thread_local char *kept;

/* What calls a function cannot be moved about, nor made into vectors. */
APART int touch(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x;
}

INLINED void grow(size_t bytes)
{
	free(kept);
	kept = malloc(bytes);
	memset(kept, 1, bytes);
	touch(kept[bytes / 2]);
	grown++;
}

INLINED int sum(const int *values, int count)
{
	int all = 0;

	summed++;
	for (int i = 0; i < count; i++)
		all += touch(values[i]);
	return all;
}

INLINED int choose(int x)
{
	chosen++;
	switch (x) {
	case 0:
		return touch(17);
	case 1:
		return 4;
	case 2:
		return touch(x) + 8;
	case 3:
		return touch(2);
	case 4:
		return -x;
	case 5:
		return touch(9) * 3;
	default:
		return -1;
	}
}

INLINED int inner(int x)
{
	inside++;
	return touch(x) + 1;
}

INLINED int outer(int x)
{
	outside++;
	int y = inner(x);
	if (y & 1)
		y += inner(y);
	return touch(y);
}

APART int work(int k)
{
	int values[8] = { k, 2, 3, 4, 5, 6, 7, 8 };

	grow(100000);
	int all = sum(values, 8);
	if (k & 1)
		grow(200000);
	all += sum(values, k);
	return all + choose(k) + outer(k);
}

/* The same instance is entered again before it is left, in another frame. */
APART int recurse(int depth)
{
	if (depth == 0)
		return 0;
	int deeper = recurse(depth - 1) + outer(depth);
	return deeper + (depth > 2 ? recurse(0) : 1);
}

static int repeat(int count)
{
	int all = 0;

	for (int i = 0; i < count; i++)
		all += touch(i) + outer(i);
	return all;
}

static void *run_thread(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++)
		touch(outer(i));
	return NULL;
}

static void on_alarm(int signal_number)
{
	touch(inner(signal_number));
}

static void print_counts(void)
{
	printf("%d grow %lu\n%d sum %lu\n%d choose %lu\n%d outer %lu\n%d inner %lu\n", getpid(),
	       grown, getpid(), summed, getpid(), chosen, getpid(), outside, getpid(), inside);
	fflush(stdout);
}

int main(void)
{
	pthread_t threads[THREADS];
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	int all = 0;

	for (int k = 0; k < 8; k++)
		all += work(k);
	all += recurse(DEPTH) + repeat(100);
	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_thread, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	setitimer(ITIMER_REAL, &never, NULL);
	pid_t child = fork();
	if (child == 0) {
		grown = summed = chosen = outside = inside = 0;
		all += work(3);
		print_counts();
		return 0;
	}
	waitpid(child, NULL, 0);
	print_counts();
	return all == 12345;
}
