/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread that reads beside its caller; see beside.h. Api layer. */
#include "tracer/api/beside.h"

#include <errno.h>
#include <link.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tracer/base/clock.h"

/* Readings need 40 KiB of it; what is not touched costs nothing but addresses, unless all is locked: mlockall(2). */
enum { STACK_BYTES = 256 * 1024 };

struct beside {
	struct usage_sampling *sampling;
	pid_t pid;
	unsigned char *mark; /* a page that begins with 1; with 0 in a child */
	pthread_t thread;
	pid_t tid; /* of it, since it is ready */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_ready, has_failed, is_to_stop; /* under @lock */
};

/* ThreadSanitizer takes descriptors with one number for one, whatever table they are in. NULL: it is not here. */
extern void __tsan_init(void) __attribute__((weak));

/*
 * Leaves @kept alone open, -1: none, in a table of this thread's own. Closing there is felt nowhere: other threads have
 * theirs, and locks of fcntl(2) belong to a table. Where the kernel or a sandbox refuses, the common table has to do.
 */
static void leave_descriptors(int kept)
{
	const unsigned first_above = (unsigned)(kept + 1);

	if (__tsan_init != NULL)
		return;
	if (syscall(SYS_close_range, first_above, ~0U, CLOSE_RANGE_UNSHARE) == 0 && kept > 0)
		syscall(SYS_close_range, 0U, first_above - 2, 0U);
}

static void say_ready(struct beside *beside, bool has_failed)
{
	pthread_mutex_lock(&beside->lock);
	beside->is_ready = true;
	beside->has_failed = has_failed;
	pthread_cond_signal(&beside->changed);
	pthread_mutex_unlock(&beside->lock);
}

/* Whether it is to stop by @until_ns. */
static bool wait_to_stop(struct beside *beside, int64_t until_ns)
{
	const struct timespec until = { until_ns / NS_PER_S, until_ns % NS_PER_S };
	int status = 0;

	pthread_mutex_lock(&beside->lock);
	while (!beside->is_to_stop && status != ETIMEDOUT)
		status = pthread_cond_timedwait(&beside->changed, &beside->lock, &until);
	bool is_to_stop = beside->is_to_stop;
	pthread_mutex_unlock(&beside->lock);
	return is_to_stop;
}

/* Returns what it failed with, a struct error. */
static void *beside_run(void *data)
{
	struct beside *beside = data;
	struct usage_sampling *sampling = beside->sampling;

	beside->tid = (pid_t)syscall(SYS_gettid);
	leave_descriptors(sampling->stream == NULL ? -1 : sampling->stream->fd);
	struct error *err = usage_sampling_open(sampling);
	if (err == NULL)
		err = usage_sampling_take(sampling);
	say_ready(beside, err != NULL);
	if (err == NULL)
		err = usage_sampling_take(sampling);
	while (err == NULL && !wait_to_stop(beside, usage_sampling_next_ns(sampling)))
		err = usage_sampling_tick(sampling);
	if (err == NULL)
		err = usage_sampling_take(sampling);
	usage_sampling_close(sampling);
	return err;
}

static void beside_release(struct beside *beside)
{
	munmap(beside->mark, (size_t)sysconf(_SC_PAGESIZE));
	free(beside);
}

static struct error *make_mark(struct beside *beside)
{
	const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return error_os(errno, "map a page");
	madvise(page, bytes, MADV_WIPEONFORK); /* before Linux 4.14 the pid has to do */
	beside->mark = page;
	*beside->mark = 1;
	return NULL;
}

static struct error *beside_create(struct usage_sampling *sampling, struct beside **ret)
{
	pthread_condattr_t monotonic;
	struct beside *beside = calloc(1, sizeof(*beside));

	if (beside == NULL)
		return error_no_memory();
	beside->sampling = sampling;
	beside->pid = getpid();
	struct error *err = make_mark(beside);
	if (err != NULL) {
		free(beside);
		return err;
	}
	pthread_mutex_init(&beside->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&beside->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret = beside;
	return NULL;
}

static int add_thread_local(struct dl_phdr_info *file, size_t info_bytes, void *sum_bytes)
{
	(void)info_bytes;
	for (size_t i = 0; i < file->dlpi_phnum; i++) {
		if (file->dlpi_phdr[i].p_type == PT_TLS)
			*(size_t *)sum_bytes +=
				file->dlpi_phdr[i].p_memsz + file->dlpi_phdr[i].p_align;
	}
	return 0;
}

/* The program's thread-local memory lies on each stack, too. */
static size_t stack_bytes(void)
{
	size_t bytes = STACK_BYTES;

	dl_iterate_phdr(add_thread_local, &bytes);
	return bytes;
}

/* Signals are blocked before it begins: it inherits that. */
static int create_thread(struct beside *beside)
{
	sigset_t all, before;
	pthread_attr_t small;

	sigfillset(&all);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, stack_bytes());
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int errnum = pthread_create(&beside->thread, &small, beside_run, beside);
	if (errnum == EINVAL) /* with more thread-local memory than is known */
		errnum = pthread_create(&beside->thread, NULL, beside_run, beside);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&small);
	return errnum;
}

struct error *beside_start(struct usage_sampling *sampling, struct beside **ret)
{
	struct beside *beside;

	struct error *err = beside_create(sampling, &beside);
	if (err != NULL)
		return err;
	int errnum = create_thread(beside);
	if (errnum != 0) {
		beside_release(beside);
		return error_os(errnum, "start a thread");
	}
	pthread_mutex_lock(&beside->lock);
	while (!beside->is_ready)
		pthread_cond_wait(&beside->changed, &beside->lock);
	bool has_failed = beside->has_failed;
	pthread_mutex_unlock(&beside->lock);
	if (has_failed)
		return beside_stop(beside);
	*ret = beside;
	return NULL;
}

bool beside_is_elsewhere(const struct beside *beside)
{
	return *beside->mark == 0 || beside->pid != getpid();
}

/*
 * When pthread_join returns, the kernel counts the thread for a moment still: what the caller may do with one thread
 * alone, as unshare(2), would fail now and then.
 */
static void await_end(const struct beside *beside)
{
	enum { TRIES = 10000 };

	for (int i = 0; i < TRIES && syscall(SYS_tgkill, beside->pid, beside->tid, 0) == 0; i++)
		sched_yield();
}

struct error *beside_stop(struct beside *beside)
{
	void *err = NULL;

	/* In a child the lock is as the thread had it at the fork, and what is destroyed waits for its user. */
	if (!beside_is_elsewhere(beside)) {
		pthread_mutex_lock(&beside->lock);
		beside->is_to_stop = true;
		pthread_cond_signal(&beside->changed);
		pthread_mutex_unlock(&beside->lock);
		pthread_join(beside->thread, &err);
		await_end(beside);
		pthread_cond_destroy(&beside->changed);
		pthread_mutex_destroy(&beside->lock);
	}
	beside_release(beside);
	return err;
}
