/* flags: -pthread */
/* variants: 1 2 3 */
/*
 * Four threads do a random mixture, from the seed that is given, of what must not disturb hot functions: exceptions,
 * longjmp(3), coroutines, signals, forks, vforks, threads that are cancelled. All results are reckoned twice.
 *
 * usage: hot_mixture SEED [ROUNDS]
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

extern "C" {
#include "expect.h"
}

enum { THREADS = 4, HOT_CALLS = 200, STACK_BYTES = 64 * 1024, KINDS = 12, X_BELOW = 1000 };

struct worker {
	pthread_t thread;
	unsigned random, rounds, wrong;
	jmp_buf away;
	ucontext_t home, coroutine;
	unsigned x, result;
};

static __thread unsigned caught;

extern "C" {
unsigned hot_leaf(unsigned x)
{
	return x * 5 + 1;
}

unsigned hot_outer(unsigned x)
{
	return hot_leaf(x) ^ hot_leaf(x + 1);
}

unsigned hot_throws(unsigned x)
{
	if (hot_leaf(x) % 2 == 0)
		throw x;
	return hot_leaf(x);
}

unsigned hot_jumps(struct worker *worker, unsigned x)
{
	if (hot_leaf(x) % 3 == 0)
		longjmp(worker->away, 1);
	return x;
}
}

static unsigned reckon(unsigned x)
{
	return (x * 5 + 1) ^ (x * 5 + 6);
}

static unsigned next_random(struct worker *worker, unsigned below)
{
	worker->random = worker->random * 1103515245 + 12345;
	return worker->random / 65536 % below;
}

static void on_signal(int)
{
	caught += hot_outer(7) == reckon(7);
}

static bool calls_often(unsigned x)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < HOT_CALLS; i++)
		wrong += hot_outer(x + i) != reckon(x + i);
	return wrong == 0;
}

static bool throws(unsigned x)
{
	unsigned thrown = 0, wanted = 0;

	for (unsigned i = x; i < x + 20; i++) {
		wanted += (i * 5 + 1) % 2 == 0;
		try {
			hot_throws(i);
		} catch (unsigned what) {
			thrown += what == i;
		}
	}
	return thrown == wanted;
}

static bool jumps(struct worker *worker, unsigned x)
{
	volatile unsigned i = x, jumped = 0;
	unsigned wanted = 0;

	for (unsigned k = x; k < x + 20; k++)
		wanted += (k * 5 + 1) % 3 == 0;
	if (setjmp(worker->away) != 0) {
		jumped = jumped + 1;
		i = i + 1;
	}
	for (; i < x + 20; i = i + 1)
		hot_jumps(worker, i);
	return jumped == wanted;
}

static void coroutine_run(unsigned low, unsigned high)
{
	struct worker *worker = (struct worker *)((unsigned long)high << 32 | low);

	for (;;) {
		worker->result = hot_outer(worker->x);
		swapcontext(&worker->coroutine, &worker->home);
	}
}

static bool switches(struct worker *worker, unsigned x)
{
	void *stack = malloc(STACK_BYTES);
	unsigned long self = (unsigned long)worker;
	unsigned wrong = 0;

	getcontext(&worker->coroutine);
	worker->coroutine.uc_stack.ss_sp = stack;
	worker->coroutine.uc_stack.ss_size = STACK_BYTES;
	makecontext(&worker->coroutine, (void (*)())coroutine_run, 2, (unsigned)self,
		    (unsigned)(self >> 32));
	for (unsigned i = 0; i < 20; i++) {
		worker->x = x + i;
		swapcontext(&worker->home, &worker->coroutine);
		wrong += worker->result != reckon(x + i);
	}
	free(stack);
	return wrong == 0;
}

static bool gets_signals(unsigned x)
{
	caught = 0;
	for (unsigned i = 0; i < 5; i++) {
		pthread_kill(pthread_self(), SIGUSR1);
		if (hot_outer(x) != reckon(x))
			return false;
	}
	return caught == 5;
}

static bool ends_with(pid_t child, int status)
{
	int found = 0;

	return waitpid(child, &found, 0) == child && WIFEXITED(found) &&
	       WEXITSTATUS(found) == status;
}

static bool forks(unsigned x)
{
	pid_t child = fork();

	if (child == 0)
		_exit(calls_often(x) ? 5 : 6);
	return ends_with(child, 5);
}

static bool vforks(unsigned x)
{
	pid_t child = vfork();

	if (child == 0)
		_exit(hot_outer(x) == reckon(x) ? 7 : 8);
	return ends_with(child, 7);
}

static void *for_ever(void *argument)
{
	for (unsigned x = 0;; x++) {
		*(unsigned *)argument += hot_outer(x) != reckon(x);
		pthread_testcancel();
	}
}

static bool cancels(unsigned)
{
	unsigned wrong = 0;
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, for_ever, &wrong);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	return result == PTHREAD_CANCELED && wrong == 0;
}

static bool does_one(struct worker *worker, unsigned what, unsigned x)
{
	switch (what) {
	case 0: return throws(x);
	case 1: return jumps(worker, x);
	case 2: return switches(worker, x);
	case 3: return gets_signals(x);
	case 4: return forks(x);
	case 5: return vforks(x);
	case 6: return cancels(x);
	default: return calls_often(x);
	}
}

static void *run(void *argument)
{
	struct worker *worker = (struct worker *)argument;

	for (unsigned i = 0; i < worker->rounds; i++) {
		unsigned what = next_random(worker, KINDS);
		unsigned x = next_random(worker, X_BELOW);
		if (does_one(worker, what, x))
			continue;
		say("wrong: %u of %u, round %u", what, x, i);
		worker->wrong++;
	}
	return NULL;
}

/* Counts what a worker is going to do. */
static void foresee(unsigned random, unsigned rounds, unsigned *counts)
{
	struct worker worker = {};

	worker.random = random;
	for (unsigned i = 0; i < rounds; i++) {
		counts[next_random(&worker, KINDS)]++;
		next_random(&worker, X_BELOW);
	}
}

int main(int argc, char **argv)
{
	static struct worker workers[THREADS];
	unsigned seed = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
	unsigned rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 30;
	unsigned wrong = 0;

	unsigned done[KINDS] = { 0 };
	for (unsigned i = 0; i < THREADS; i++)
		foresee(seed * THREADS + i, rounds, done);
	expect("probe hot_leaf");
	expect("probe hot_outer");
	expect("calls hot_throws %u any", done[0] * 20);
	expect("calls hot_jumps %u any", done[1] * 20);
	expect("migrates"); /* between coroutines; and what is thrown past ends later */
	signal(SIGUSR1, on_signal);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i].random = seed * THREADS + i;
		workers[i].rounds = rounds;
		pthread_create(&workers[i].thread, NULL, run, &workers[i]);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		wrong += workers[i].wrong;
	}
	say("wrong: %u", wrong);
	return wrong != 0;
}
