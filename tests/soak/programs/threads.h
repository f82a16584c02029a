/* What a random program (tests/soak/programs) does with threads and fibers. Each phase_* is a part of it. */
#ifndef SOAK_THREADS_H
#define SOAK_THREADS_H

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "book.h"

enum {
	THREADS_MOST = 8,
	SIGNAL_STACK_BYTES = 256 * 1024,
	FIBERS_MOST = 4,
	FIBER_BYTES = 256 * 1024
};

/* The thread that runs; for handlers. */
static __thread struct th *self;
static __thread struct th async_state;

uint64_t walk_one(struct th *t);
uint64_t walk_some(struct th *t, int64_t budget); /* the generated functions; see generate.py */

/* What a thread needs for signals; freed by signals_end. */
static __attribute__((noinline)) void *signals_begin(struct th *t, unsigned has_stack)
{
	stack_t stack;

	self = t;
	th_init(&async_state, t->book, 1);
	async_state.log->is_async = 1;
	t->async = &async_state;
	t->fault_page = (char *)mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!has_stack)
		return NULL;
	memset(&stack, 0, sizeof(stack));
	stack.ss_sp = mmap(NULL, SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack.ss_size = SIGNAL_STACK_BYTES;
	sigaltstack(&stack, NULL);
	return stack.ss_sp;
}

static __attribute__((noinline)) void signals_end(struct th *t, void *stack_at)
{
	stack_t stack;

	munmap(t->fault_page, 4096);
	t->fault_page = NULL;
	if (stack_at == NULL)
		return;
	memset(&stack, 0, sizeof(stack));
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	munmap(stack_at, SIGNAL_STACK_BYTES);
}

struct job {
	struct book *book;
	uint64_t seed, result;
	int64_t budget;
	unsigned
		how; /* 0, 2: returns; 1: pthread_exit in the middle; 3: with a stack for signals */
	sem_t *done;
	pthread_t thread;
};

static __attribute__((noinline)) void thread_leaver(struct th *t, struct job *job)
{
	ENTER(t, thread_leaver);
	job->result = t->sum;
	if (job->how == 1) {
		book_put(t->log, THREAD_ENDS, 0, 0);
		pthread_exit(job);
	}
	LEAVE(t, thread_leaver);
}

static __attribute__((noinline)) void thread_root(struct th *t, struct job *job)
{
	ENTER(t, thread_root);
	t->sum = walk_some(t, job->budget);
	BACK(t);
	thread_leaver(t, job);
	LEAVE(t, thread_root);
}

static void *thread_start(void *argument)
{
	struct job *job = (struct job *)argument;
	struct th *t = (struct th *)malloc(sizeof(*t));
	void *stack;

	th_init(t, job->book, job->seed);
	stack = signals_begin(t, job->how == 3);
	thread_root(t, job);
	signals_end(t, stack);
	book_put(t->log, THREAD_ENDS, 0, 0);
	self = NULL;
	free(t);
	if (job->done != NULL)
		sem_post(job->done); /* the last thing: main goes on then */
	return job;
}

static __attribute__((noinline)) void phase_threads(struct th *t, uint64_t p)
{
	ENTER(t, phase_threads);
	struct job jobs[THREADS_MOST];
	unsigned count = 1 + (unsigned)(p % THREADS_MOST);

	for (unsigned i = 0; i < count; i++) {
		memset(&jobs[i], 0, sizeof(jobs[i]));
		jobs[i].book = t->book;
		jobs[i].seed = p * 31 + i;
		jobs[i].budget = 10 + (int64_t)(next(t) % 200);
		jobs[i].how = (unsigned)(next(t) % 4);
		if (pthread_create(&jobs[i].thread, NULL, thread_start, &jobs[i]) != 0)
			_exit(97);
	}
	if (p & 256)
		t->sum += walk_some(t, 50);
	BACK(t);
	for (unsigned i = 0; i < count; i++) {
		pthread_join(jobs[i].thread, NULL);
		t->sum = t->sum * 31 + jobs[i].result;
	}
	LEAVE(t, phase_threads);
}

/* One after the other, each short. */
static __attribute__((noinline)) void phase_thread_storm(struct th *t, uint64_t p)
{
	ENTER(t, phase_thread_storm);
	for (unsigned i = 0; i < 10 + p % 30; i++) {
		struct job job;
		memset(&job, 0, sizeof(job));
		job.book = t->book;
		job.seed = p + i;
		job.budget = (int64_t)(i % 4);
		job.how = i % 4;
		if (pthread_create(&job.thread, NULL, thread_start, &job) != 0)
			_exit(97);
		pthread_join(job.thread, NULL);
		t->sum += job.result;
	}
	LEAVE(t, phase_thread_storm);
}

static __attribute__((noinline)) void phase_detached(struct th *t, uint64_t p)
{
	ENTER(t, phase_detached);
	struct job jobs[4];
	pthread_attr_t attr;
	sem_t done;

	sem_init(&done, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 1024 * 1024);
	for (unsigned i = 0; i < 4; i++) {
		memset(&jobs[i], 0, sizeof(jobs[i]));
		jobs[i].book = t->book;
		jobs[i].seed = p * 7 + i;
		jobs[i].budget = 20;
		jobs[i].done = &done;
		if (pthread_create(&jobs[i].thread, &attr, thread_start, &jobs[i]) != 0)
			_exit(97);
	}
	for (unsigned i = 0; i < 4; i++) {
		while (sem_wait(&done) != 0)
			continue;
	}
	for (unsigned i = 0; i < 4; i++)
		t->sum += jobs[i].result;
	pthread_attr_destroy(&attr);
	LEAVE(t, phase_detached);
}

/* Two threads hand a number to and fro. */
struct exchange {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct book *book;
	unsigned turn, rounds;
	uint64_t value;
};

static __attribute__((noinline)) void take_turn(struct th *t, struct exchange *exchange,
						unsigned mine)
{
	ENTER(t, take_turn);
	pthread_mutex_lock(&exchange->lock);
	while (exchange->turn % 2 != mine)
		pthread_cond_wait(&exchange->changed, &exchange->lock);
	exchange->value = exchange->value * 3 + mine;
	exchange->turn++;
	pthread_cond_broadcast(&exchange->changed);
	pthread_mutex_unlock(&exchange->lock);
	LEAVE(t, take_turn);
}

static void *exchange_start(void *argument)
{
	struct exchange *exchange = (struct exchange *)argument;
	struct th t;

	th_init(&t, exchange->book, 1);
	for (unsigned i = 0; i < exchange->rounds; i++)
		take_turn(&t, exchange, 1);
	book_put(t.log, THREAD_ENDS, 0, 0);
	return NULL;
}

static __attribute__((noinline)) void phase_condition(struct th *t, uint64_t p)
{
	ENTER(t, phase_condition);
	struct exchange exchange;
	pthread_t other;

	memset(&exchange, 0, sizeof(exchange));
	pthread_mutex_init(&exchange.lock, NULL);
	pthread_cond_init(&exchange.changed, NULL);
	exchange.book = t->book;
	exchange.rounds = 20 + (unsigned)(p % 100);
	if (pthread_create(&other, NULL, exchange_start, &exchange) != 0)
		_exit(97);
	for (unsigned i = 0; i < exchange.rounds; i++)
		take_turn(t, &exchange, 0);
	pthread_join(other, NULL);
	t->sum += exchange.value;
	LEAVE(t, phase_condition);
}

/* A thread that is cancelled where it waits, within calls; its key's destructor calls, too. */
static pthread_key_t cancel_key;

static __attribute__((noinline)) void key_freed(void *value)
{
	struct th *t = (struct th *)value;
	t->depth = 0; /* all is unwound; check.py knows */
	ENTER(t, key_freed);
	t->sum = 1;
	LEAVE(t, key_freed);
	book_put(t->log, THREAD_ENDS, 0, 0);
}

static __attribute__((noinline)) void waits_for_ever(struct th *t, int fd, unsigned deeper)
{
	ENTER(t, waits_for_ever);
	char byte;

	if (deeper > 0)
		waits_for_ever(t, fd, deeper - 1);
	while (read(fd, &byte, 1) != 1)
		continue;
	LEAVE(t, waits_for_ever);
}

struct cancelled {
	struct th t;
	int ends[2];
	sem_t is_ready;
};

static void *cancelled_start(void *argument)
{
	struct cancelled *cancelled = (struct cancelled *)argument;

	cancelled->t.log = book_new_log(cancelled->t.book, 0);
	pthread_setspecific(cancel_key, &cancelled->t);
	sem_post(&cancelled->is_ready);
	waits_for_ever(&cancelled->t, cancelled->ends[0], 2);
	return NULL;
}

static __attribute__((noinline)) void phase_cancel(struct th *t, uint64_t p)
{
	ENTER(t, phase_cancel);
	struct cancelled *cancelled = (struct cancelled *)malloc(sizeof(*cancelled));
	pthread_t thread;
	void *result;

	pthread_key_create(&cancel_key, key_freed);
	for (unsigned i = 0; i < 1 + p % 4; i++) {
		th_init(&cancelled->t, t->book, p);
		sem_init(&cancelled->is_ready, 0, 0);
		if (pipe(cancelled->ends) != 0 ||
		    pthread_create(&thread, NULL, cancelled_start, cancelled) != 0)
			_exit(97);
		while (sem_wait(&cancelled->is_ready) != 0)
			continue;
		pthread_cancel(thread);
		pthread_join(thread, &result);
		t->sum += (result == PTHREAD_CANCELED) + cancelled->t.sum;
		close(cancelled->ends[0]);
		close(cancelled->ends[1]);
	}
	pthread_key_delete(cancel_key);
	free(cancelled);
	LEAVE(t, phase_cancel);
}

/* Coroutines, each on a mapping of its own. They are switched in the middle of calls. */
static struct {
	struct th *t;
	ucontext_t home, fiber[FIBERS_MOST];
	uint32_t depth[FIBERS_MOST];
	unsigned is_done[FIBERS_MOST], rounds;
} fibers;

static __attribute__((noinline)) void fiber_yields(struct th *t, unsigned number)
{
	ENTER(t, fiber_yields);
	fibers.depth[number] = depth_ + 1;
	book_put(t->log, FIBER, 0, 0);
	swapcontext(&fibers.fiber[number], &fibers.home);
	book_put(t->log, FIBER, 0, number + 1);
	BACK(t);
	LEAVE(t, fiber_yields);
}

static __attribute__((noinline)) uint64_t fiber_works(struct th *t, unsigned number,
						      unsigned deeper)
{
	ENTER(t, fiber_works);
	uint64_t value = number + deeper;

	if (deeper > 0)
		value += fiber_works(t, number, deeper - 1);
	fiber_yields(t, number);
	LEAVE(t, fiber_works);
	return value * 5;
}

static void fiber_start(int number)
{
	struct th *t = fibers.t;

	for (unsigned i = 0; i < fibers.rounds; i++)
		t->sum += fiber_works(t, (unsigned)number, i % 3);
	fibers.is_done[number] = 1;
	book_put(t->log, FIBER, 0, 0);
	swapcontext(&fibers.fiber[number], &fibers.home);
}

static __attribute__((noinline)) void fiber_resumes(struct th *t, unsigned number)
{
	ENTER(t, fiber_resumes);
	t->depth = fibers.depth[number];
	book_put(t->log, FIBER, 0, number + 1);
	swapcontext(&fibers.home, &fibers.fiber[number]);
	BACK(t);
	LEAVE(t, fiber_resumes);
}

static __attribute__((noinline)) void phase_fibers(struct th *t, uint64_t p)
{
	ENTER(t, phase_fibers);
	unsigned count = 1 + (unsigned)(p % FIBERS_MOST), done = 0;
	char *stacks[FIBERS_MOST];

	fibers.t = t;
	fibers.rounds = 2 + (unsigned)(p / 16 % 8);
	for (unsigned i = 0; i < count; i++) {
		/* Of different sizes, with room between them. */
		stacks[i] = (char *)mmap(NULL, FIBER_BYTES + 8192, PROT_NONE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		mprotect(stacks[i] + 4096, FIBER_BYTES, PROT_READ | PROT_WRITE);
		fibers.is_done[i] = 0;
		fibers.depth[i] = 0;
		getcontext(&fibers.fiber[i]);
		fibers.fiber[i].uc_stack.ss_sp = stacks[i] + 4096;
		fibers.fiber[i].uc_stack.ss_size = FIBER_BYTES;
		fibers.fiber[i].uc_link = NULL;
		makecontext(&fibers.fiber[i], (void (*)(void))fiber_start, 1, (int)i);
	}
	while (done < count) {
		done = 0;
		for (unsigned i = 0; i < count; i++) {
			if (!fibers.is_done[i])
				fiber_resumes(t, i);
			done += fibers.is_done[i];
		}
	}
	for (unsigned i = 0; i < count; i++)
		munmap(stacks[i], FIBER_BYTES + 8192);
	LEAVE(t, phase_fibers);
}

#endif
