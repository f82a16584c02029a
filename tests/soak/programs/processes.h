/* What a random program (tests/soak/programs) does with processes. */
#ifndef SOAK_PROCESSES_H
#define SOAK_PROCESSES_H

#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "threads.h"

extern char **environ;

static int wait_for(pid_t child)
{
	int status = -1;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

/* The last thing that a process does here. */
static __attribute__((noinline, noreturn)) void child_ends(struct th *t, unsigned how,
							   unsigned status)
{
	ENTER(t, child_ends);
	(void)depth_;
	if (how != 1)
		book_put(t->log, EXITS, 0, 0);
	switch (how) {
	case 0:
		_exit((int)status);
	case 1: /* by its handlers of exit(3), which call, too */
		exit((int)status);
	case 2:
		kill(getpid(), SIGKILL);
		break;
	case 3:
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
		break;
	default:
		syscall(SYS_exit_group, (int)status);
	}
	for (;;)
		pause();
}

static __attribute__((noinline)) void child_root(struct th *t, uint64_t p)
{
	ENTER(t, child_root);
	t->sum = walk_some(t, 5 + (int64_t)(p % 60));
	BACK(t);
	if (p & 1024)
		child_ends(t, (unsigned)(p / 2048 % 5), (unsigned)t->sum & 127);
	LEAVE(t, child_root);
}

/* Not to return, and not to be thrown past. */
static __attribute__((noreturn)) void child_runs(struct th *t, uint64_t p)
{
	th_in_child(t, FORKED);
	th_init(&async_state, t->book, 1);
	async_state.log->is_async = 1;
	t->async = &async_state;
	child_root(t, p);
	book_put(t->log, EXITS, 0, 0);
	_exit((int)(t->sum & 127));
}

static __attribute__((noinline)) pid_t forks(struct th *t, uint64_t p)
{
	ENTER(t, forks);
	pid_t child = fork();

	if (child == 0)
		child_runs(t, p);
	if (child < 0)
		_exit(97);
	LEAVE(t, forks);
	return child;
}

static __attribute__((noinline)) void phase_forks(struct th *t, uint64_t p)
{
	ENTER(t, phase_forks);
	pid_t children[8];
	unsigned count = 1 + (unsigned)(p % 8);

	for (unsigned i = 0; i < count; i++)
		children[i] = forks(t, next(t));
	if (p & 16) /* some are zombies by then */
		t->sum += walk_some(t, 50);
	BACK(t);
	for (unsigned i = 0; i < count; i++)
		t->sum = t->sum * 31 + (unsigned)wait_for(children[i]);
	LEAVE(t, phase_forks);
}

static void *forking_start(void *argument)
{
	struct job *job = (struct job *)argument;
	struct th t;
	void *stack;

	th_init(&t, job->book, job->seed);
	stack = signals_begin(&t, 1);
	for (unsigned i = 0; i < 3; i++)
		t.sum = t.sum * 31 + (unsigned)wait_for(forks(&t, next(&t)));
	job->result = t.sum;
	signals_end(&t, stack);
	book_put(t.log, THREAD_ENDS, 0, 0);
	return NULL;
}

/* Forks in threads, while others call. */
static __attribute__((noinline)) void phase_thread_forks(struct th *t, uint64_t p)
{
	ENTER(t, phase_thread_forks);
	struct job jobs[4];

	for (unsigned i = 0; i < 4; i++) {
		memset(&jobs[i], 0, sizeof(jobs[i]));
		jobs[i].book = t->book;
		jobs[i].seed = p * 13 + i;
		jobs[i].budget = 60;
		if (pthread_create(&jobs[i].thread, NULL, i < 2 ? forking_start : thread_start,
				   &jobs[i]) != 0)
			_exit(97);
	}
	for (unsigned i = 0; i < 4; i++) {
		pthread_join(jobs[i].thread, NULL);
		t->sum = t->sum * 31 + jobs[i].result;
	}
	LEAVE(t, phase_thread_forks);
}

/* A child whose parent ends first, and one that has a session of its own. */
static __attribute__((noinline)) void phase_orphans(struct th *t, uint64_t p)
{
	ENTER(t, phase_orphans);
	int ends[2];
	char byte;

	if (pipe(ends) != 0)
		_exit(97);
	pid_t child = fork();
	if (child == 0) {
		th_in_child(t, FORKED);
		if (p & 1)
			setsid();
		pid_t orphan = fork();
		if (orphan == 0) {
			close(ends[0]);
			child_runs(t, p & ~1024ull);
		}
		child_ends(t, 0, 5);
	}
	close(ends[1]);
	t->sum += (unsigned)wait_for(child);
	while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
		continue; /* its end */
	close(ends[0]);
	LEAVE(t, phase_orphans);
}

/* The program again, as "child SEED". */
static char **arguments_of_child(uint64_t p)
{
	static __thread char number[32];
	static __thread char *arguments[4];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)(p % 1000000));
	arguments[0] = (char *)"/proc/self/exe";
	arguments[1] = (char *)"child";
	arguments[2] = number;
	arguments[3] = NULL;
	return arguments;
}

static __attribute__((noinline)) uint64_t before_exec(struct th *t, uint64_t p)
{
	ENTER(t, before_exec);
	p = p * 3 + 1;
	LEAVE(t, before_exec);
	return p;
}

static __attribute__((noinline)) void executes(struct th *t, char **arguments)
{
	ENTER(t, executes);
	before_exec(t, depth_);
	book_put(t->log, EXECUTES, 0, 0);
	execve("/proc/self/exe", arguments, environ);
	_exit(96);
}

static __attribute__((noinline)) void phase_vforks(struct th *t, uint64_t p)
{
	ENTER(t, phase_vforks);
	char **arguments = arguments_of_child(p);

	for (unsigned i = 0; i < 1 + p % 3; i++) {
		struct book_log *volatile own = t->log;
		pid_t child = vfork();
		if (child == 0) {
			th_in_child(t, SHARED);
			if ((p + i) % 4 == 0) {
				before_exec(t, p);
				book_put(t->log, EXITS, 0, 0);
				_exit(3);
			}
			executes(t, arguments);
		}
		t->log = own;
		BACK(t);
		t->sum = t->sum * 31 + (unsigned)wait_for(child);
	}
	LEAVE(t, phase_vforks);
}

static __attribute__((noinline)) void phase_spawns(struct th *t, uint64_t p)
{
	ENTER(t, phase_spawns);
	pid_t child;

	for (unsigned i = 0; i < 1 + p % 3; i++) {
		if (posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments_of_child(p + i),
				environ) != 0)
			_exit(97);
		t->sum = t->sum * 31 + (unsigned)wait_for(child);
	}
	LEAVE(t, phase_spawns);
}

/* A forked child that executes the program; with threads that are killed by that. */
static void *for_ever_start(void *argument)
{
	(void)argument;
	for (;;)
		sched_yield();
}

static __attribute__((noinline)) void phase_executes(struct th *t, uint64_t p)
{
	ENTER(t, phase_executes);
	pthread_t thread;
	pid_t child = fork();

	if (child == 0) {
		th_in_child(t, FORKED);
		if ((p & 1) && pthread_create(&thread, NULL, for_ever_start, NULL) != 0)
			_exit(97);
		executes(t, arguments_of_child(p));
	}
	t->sum = t->sum * 31 + (unsigned)wait_for(child);
	LEAVE(t, phase_executes);
}

/* Processes that share memory without vfork. The parent waits at once: both have one thread pointer. */
static int shares_memory(void *argument)
{
	struct th *t = (struct th *)argument;

	th_in_child(t, SHARED);
	before_exec(t, 1);
	before_exec(t, 2);
	book_put(t->log, EXITS, 0, 0);
	return 9;
}

static __attribute__((noinline)) void phase_shared_memory(struct th *t, uint64_t p)
{
	ENTER(t, phase_shared_memory);
	struct th other = *t;
	char *stack = (char *)mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				   -1, 0);

	for (unsigned i = 0; i < 1 + p % 3; i++) {
		pid_t child = clone(shares_memory, stack + 65536,
				    CLONE_VM | SIGCHLD | (p & 4 ? CLONE_FILES : 0), &other);
		t->sum = t->sum * 31 + (unsigned)wait_for(child);
	}
	munmap(stack, 65536);
	LEAVE(t, phase_shared_memory);
}

#endif
