/* Threads that call the functions to be probed, at a rate, and check each sum; see busy.h. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/targets/attach/busy.h"

extern char **environ;

unsigned work_leaf(unsigned x)
{
	return x * 3 + 1;
}

unsigned work_middle(unsigned x)
{
	return work_leaf(x) ^ work_leaf(x + 1);
}

unsigned work_outer(unsigned x)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < 4; i++)
		sum += work_middle(x + i);
	return sum;
}

unsigned work_deep(unsigned depth, unsigned x)
{
	return depth == 0 ? x : work_deep(depth - 1, x) + depth;
}

unsigned reckon_outer(unsigned x)
{
	unsigned sum = 0;

	for (unsigned i = x; i < x + 4; i++)
		sum += (i * 3 + 1) ^ (i * 3 + 4);
	return sum;
}

/* Called from libc, whose return addresses are others. */
int compare_work(const void *a, const void *b);
int compare_work(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static bool sorts_right(unsigned seed)
{
	int numbers[6];

	for (unsigned i = 0; i < 6; i++)
		numbers[i] = (int)((seed * 7919 + i * 104729) % 1000);
	qsort(numbers, 6, sizeof(numbers[0]), compare_work);
	for (unsigned i = 1; i < 6; i++) {
		if (numbers[i - 1] > numbers[i])
			return false;
	}
	return true;
}

static unsigned check_round(struct tally *tally, unsigned x)
{
	unsigned sum = work_outer(x);

	tally->rounds++;
	if (sum != reckon_outer(x))
		tally_wrong(tally, 0);
	if (tally->rounds % 64 == 0 && work_deep(20, x) != x + 210)
		tally_wrong(tally, 0);
	if (tally->rounds % 64 == 32 && !sorts_right(x))
		tally_wrong(tally, 0);
	return sum;
}

/* Paces itself by the clock; what a tracer makes it miss is made up for within limits only. */
static void *caller_run(void *argument)
{
	static const int64_t DEBT_NS = 50 * NS_PER_MS;
	struct worker *worker = argument;
	int64_t next_ns = now_ns();
	int64_t step_ns = 0;
	unsigned x = 1;

	if (settings.hits_a_second > 0)
		step_ns = (int64_t)NS_PER_S * settings.callers * HITS_OF_OUTER /
			  (int64_t)settings.hits_a_second;
	while (!atomic_load(&is_ending)) {
		x = check_round(&worker->tally, x);
		next_ns += step_ns;
		int64_t left_ns = next_ns - now_ns();
		if (left_ns > 1000000) /* in bursts of a millisecond and more */
			pause_ns(left_ns);
		else if (left_ns < -DEBT_NS)
			next_ns = now_ns() - DEBT_NS;
	}
	return argument;
}

static void *born_run(void *argument)
{
	unsigned *x = argument;

	*x = work_middle(*x) == ((*x * 3 + 1) ^ (*x * 3 + 4));
	return NULL;
}

/* Threads are born and end all the time. */
static void *churn_run(void *argument)
{
	enum { AT_ONCE = 4 };
	struct worker *worker = argument;

	while (!atomic_load(&is_ending)) {
		pthread_t threads[AT_ONCE];
		unsigned values[AT_ONCE];
		for (unsigned i = 0; i < AT_ONCE; i++) {
			values[i] = (unsigned)worker->tally.rounds + i;
			int error = pthread_create(&threads[i], NULL, born_run, &values[i]);
			if (error != 0) {
				tally_wrong(&worker->tally, error);
				return argument;
			}
		}
		for (unsigned i = 0; i < AT_ONCE; i++) {
			pthread_join(threads[i], NULL);
			tally_result(&worker->tally, values[i] == 1 ? 0 : EBADMSG);
		}
		pause_ns(2 * NS_PER_MS);
	}
	return argument;
}

static void wait_for_child(struct tally *tally, pid_t child, int wanted)
{
	int status = 0;
	pid_t got;

	while ((got = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		tally->eintr++;
	bool is_right = got == child && status == wanted << 8;
	if (!is_right)
		printf("%s: a child ended with %#x\n", tally->name, (unsigned)status);
	tally_result(tally, is_right ? 0 : ECHILD);
}

static void *forker_run(void *argument)
{
	struct worker *worker = argument;

	while (!atomic_load(&is_ending)) {
		unsigned x = (unsigned)worker->tally.rounds;
		pid_t child = fork();
		if (child == 0)
			_exit(work_outer(x) == reckon_outer(x) ? 9 : 8);
		wait_for_child(&worker->tally, child, 9);
		pause_ns(3 * NS_PER_MS);
	}
	return argument;
}

/* posix_spawn shares the memory until the exec, as vfork does. */
static void *spawner_run(void *argument)
{
	struct worker *worker = argument;
	char *const words[] = { "busy", "--work", "17", NULL };

	while (!atomic_load(&is_ending)) {
		pid_t child;
		int error = posix_spawn(&child, "/proc/self/exe", NULL, NULL, words, environ);
		if (error != 0)
			tally_wrong(&worker->tally, error);
		else
			wait_for_child(&worker->tally, child, 11);
		pause_ns(5 * NS_PER_MS);
	}
	return argument;
}

void calls_start(void)
{
	static const char KIND[] = "calls";

	for (unsigned i = 0; i < settings.callers; i++)
		worker_start(worker_add("caller", KIND), caller_run);
	if (settings.churns)
		worker_start(worker_add("thread births", KIND), churn_run);
	if (settings.forks)
		worker_start(worker_add("forks", KIND), forker_run);
	if (settings.execs)
		worker_start(worker_add("programs", KIND), spawner_run);
}
