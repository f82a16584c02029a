/* Threads that sleep without a timeout until another one wakes them, each in its own way; see busy.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/targets/attach/busy_sleepers.h"

enum { SLEEPERS_MAX = 32 };

static struct worker *sleepers[SLEEPERS_MAX];
static struct worker *waker;

static void *sleeper_run(void *argument)
{
	struct worker *worker = argument;
	const struct sleeper_kind *kind = worker->kind;

	do {
		int error = kind->wait(worker);
		tally_result(&worker->tally, error);
		if (error == 0)
			atomic_fetch_add(&worker->seen, 1);
	} while (atomic_load(&worker->seen) != atomic_load(&worker->last));
	return argument;
}

/* A sleeper that has not woken up in minutes has lost what was to wake it. */
static void wake(struct worker *sleeper)
{
	const struct sleeper_kind *kind = sleeper->kind;
	unsigned long told = atomic_fetch_add(&sleeper->told, 1) + 1;
	int64_t start_ns = now_ns();

	waker->tally.rounds++;
	if (!kind->wake(sleeper))
		tally_wrong(&waker->tally, errno);
	while (atomic_load(&sleeper->seen) < told) {
		if (now_ns() - start_ns > 200 * (int64_t)NS_PER_S) {
			printf("%s: does not wake up FAULT\n", kind->name);
			fflush(stdout);
			_exit(1);
		}
		pause_ns(NS_PER_MS / 5);
	}
}

static void *waker_run(void *argument)
{
	unsigned at = 0;

	while (!atomic_load(&is_ending)) {
		struct worker *sleeper = sleepers[at++ % sleeper_kind_count];
		if (!sleeper->has_given_up)
			wake(sleeper);
		pause_ns(5 * NS_PER_MS);
	}
	return argument;
}

void sleepers_start(void)
{
	for (size_t i = 0; i < sleeper_kind_count; i++) {
		struct worker *worker = sleepers[i] = worker_add(sleeper_kinds[i].name, &sleeper_kinds[i]);
		worker->has_given_up = sleeper_kinds[i].prepare != NULL && !sleeper_kinds[i].prepare(worker);
		if (worker->has_given_up)
			fprintf(stderr, "busy: %s cannot be tried here: %s\n", sleeper_kinds[i].name,
				strerror(errno));
		else
			worker_start(worker, sleeper_run);
	}
	waker = worker_add("waker", sleeper_kinds);
	worker_start(waker, waker_run);
}

void sleepers_end(void)
{
	pthread_join(waker->thread, NULL);
	waker->has_given_up = true; /* nobody joins it a second time */
	for (size_t i = 0; i < sleeper_kind_count; i++) {
		if (!sleepers[i]->has_given_up) {
			atomic_store(&sleepers[i]->last, atomic_load(&sleepers[i]->told) + 1);
			wake(sleepers[i]);
		}
		sleeper_release(sleepers[i]);
	}
}
