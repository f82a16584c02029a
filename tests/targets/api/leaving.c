/*
 * Ways to leave a function that is measured, other than to return. usage: leaving WAY
 *
 * What must be true of this process is checked here; what its end must be, by who called.
 */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int descriptors; /* that this process has, the first ones without a gap */

static struct mprof_options often(void *(*function)(void *argument))
{
	struct mprof_options options = defaults();

	options.function = function;
	options.interval_s = 0.001;
	options.retval = 1;
	return options;
}

/* ---- fork ---- */

static void *fork_and_return(void *argument)
{
	pid_t *child = argument;

	*child = fork();
	return child;
}

/* In the child the call returns, too: with an error that says so. Nothing of ours is left there. */
static void leave_by_fork(void)
{
	pid_t child = 0, parent = getpid();
	struct mprof_options options = often(fork_and_return);
	struct mprof_result *result;
	int status, before = count_descriptors();

	options.argument = &child;
	for (int i = 0; i < 20; i++) {
		struct mprof_error *error = mprof_memory_usage(&options, &result);
		if (getpid() != parent) {
			CHECK(error != NULL && mprof_error_code(error) == MPROF_ERROR_FORKED);
			CHECK(result != NULL && result->returned == &child && result->count == 0);
			CHECK(count_threads() == 1 && count_descriptors() == before);
			mprof_error_free(error);
			mprof_result_free(result);
			/* And can measure. */
			options.function = NULL;
			result = measure(&options);
			CHECK(result->pid == getpid() && result->count == 1);
			mprof_result_free(result);
			exit(7);
		}
		CHECK(error == NULL && result->count >= 3);
		mprof_result_free(result);
		CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
		CHECK(WEXITSTATUS(status) == 7);
	}
	CHECK(count_threads() == 1 && count_descriptors() == before);
}

/* What leaves the function in the child leaves nothing of the parent's behind, and ends nothing there. */
static jmp_buf outside;

static void *fork_and_jump(void *argument)
{
	pid_t *child = (pid_t *)argument;

	*child = fork();
	if (*child == 0)
		longjmp(outside, 1);
	return child;
}

static void leave_by_jump_of_child(void)
{
	pid_t child = -1;
	struct mprof_options options = often(fork_and_jump);
	int status;

	options.argument = &child;
	if (setjmp(outside) != 0) {
		CHECK(count_threads() == 1 && count_descriptors() == descriptors);
		exit(7);
	}
	struct mprof_result *result = measure(&options);
	CHECK(result->count >= 3);
	mprof_result_free(result);
	CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
}

/* Both are process 1, each of a namespace of its own. */
static void *fork_into_namespace(void *argument)
{
	if (unshare(CLONE_NEWPID) != 0)
		return argument;
	return fork_and_return(argument);
}

static void leave_by_fork_as_init(void)
{
	pid_t child = -1;
	struct mprof_options options = often(fork_into_namespace);
	struct mprof_result *result;
	int status;

	CHECK(getpid() == 1);
	options.argument = &child;
	struct mprof_error *error = mprof_memory_usage(&options, &result);
	if (child == 0) {
		CHECK(getpid() == 1 && mprof_error_code(error) == MPROF_ERROR_FORKED);
		_exit(7);
	}
	CHECK(child > 0 && error == NULL && result->count >= 3);
	mprof_result_free(result);
	CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
}

/* ---- exit, exec, a signal ---- */

static void say_end(void)
{
	puts("an exit handler ran");
}

static void *exit_9(void *argument)
{
	(void)argument;
	exit(9);
}

/* What it becomes has one thread and no descriptor more. */
static void *exec_shell(void *argument)
{
	(void)argument;
	execl("/bin/sh", "sh", "-c", "ls -m /proc/$$/task /proc/$$/fd; exit 5", NULL);
	return NULL;
}

static void *die(void *argument)
{
	(void)argument;
	raise(SIGTERM);
	return NULL;
}

/* ---- longjmp ---- */

static sigjmp_buf outside_of_signals;

static void *jump_out(void *argument)
{
	(void)argument;
	longjmp(outside, 1);
}

static void jump_from_handler(int number)
{
	(void)number;
	siglongjmp(outside_of_signals, 1);
}

static void *raise_and_jump(void *argument)
{
	raise(SIGUSR1);
	return argument;
}

static void *jump_inside(void *argument)
{
	jmp_buf inside;

	if (setjmp(inside) == 0)
		longjmp(inside, 1);
	return argument;
}

static void leave_by_longjmp(void)
{
	struct mprof_options options = often(jump_out);
	struct mprof_result *result;

	signal(SIGUSR1, jump_from_handler);
	for (volatile int i = 0; i < 100; i++) {
		options.function = jump_out;
		if (setjmp(outside) == 0) {
			mprof_error_free(mprof_memory_usage(&options, &result));
			CHECK(!"jumped");
		}
		CHECK(count_threads() == 1 && count_descriptors() == descriptors);
		options.function = raise_and_jump;
		if (sigsetjmp(outside_of_signals, 1) == 0) {
			mprof_error_free(mprof_memory_usage(&options, &result));
			CHECK(!"jumped");
		}
		CHECK(count_threads() == 1 && count_descriptors() == descriptors);
	}
	/* A jump within is none of our business. */
	options.function = jump_inside;
	options.argument = &options;
	result = measure(&options);
	CHECK(result->returned == &options && result->count >= 3);
	mprof_result_free(result);
}

/* ---- Threads ---- */

static void *end_thread(void *argument)
{
	pthread_exit(argument);
}

static void *sleep_for_ever(void *argument)
{
	pthread_barrier_wait((pthread_barrier_t *)argument);
	while (pause() < 0)
		;
	return NULL;
}

static void *measure_in_thread(void *options)
{
	return measure(options);
}

static void leave_by_end_of_thread(void)
{
	struct mprof_options options = often(end_thread);
	pthread_t thread;
	void *value;

	options.argument = &options;
	for (int i = 0; i < 20; i++) {
		CHECK(pthread_create(&thread, NULL, measure_in_thread, &options) == 0);
		CHECK(pthread_join(thread, &value) == 0 && value == &options);
		CHECK(count_descriptors() == descriptors);
	}
}

static void leave_by_cancellation(void)
{
	struct mprof_options options = often(sleep_for_ever);
	pthread_barrier_t begun;
	pthread_t thread;
	void *value;

	pthread_barrier_init(&begun, NULL, 2);
	options.argument = &begun;
	CHECK(pthread_create(&thread, NULL, measure_in_thread, &options) == 0);
	pthread_barrier_wait(&begun);
	pthread_cancel(thread);
	CHECK(pthread_join(thread, &value) == 0 && value == PTHREAD_CANCELED);

	/* Also while we wait ourselves. */
	options = defaults();
	options.pid = getpid();
	options.timeout_s = 1e6;
	CHECK(pthread_create(&thread, NULL, measure_in_thread, &options) == 0);
	pthread_cancel(thread);
	CHECK(pthread_join(thread, &value) == 0 && value == PTHREAD_CANCELED);
	pthread_barrier_destroy(&begun);
	CHECK(count_descriptors() == descriptors);
}

/* ---- What functions do to a process ---- */

static void *close_all(void *argument)
{
	CHECK(syscall(SYS_close_range, (unsigned)descriptors, ~0U, 0U) == 0);
	CHECK(open("/dev/null", O_RDONLY) == descriptors); /* as without us */
	await_reading();
	return argument;
}

static struct mprof_options inner;

static void *measure_inside(void *argument)
{
	mprof_result_free(measure(&inner));
	return argument;
}

static void *block_nothing(void *argument)
{
	sigset_t blocked;

	CHECK(pthread_sigmask(SIG_SETMASK, NULL, &blocked) == 0);
	for (int number = 1; number < 32; number++)
		CHECK(sigismember(&blocked, number) == 0);
	return argument;
}

static void return_after_much(void)
{
	struct mprof_options options = often(close_all);

	inner = often(block_nothing);
	mprof_result_free(measure(&options));
	CHECK(count_descriptors() == descriptors + 1 &&
	      close(descriptors) == 0); /* its own is left alone */
	options.function = measure_inside;
	mprof_result_free(measure(&options));
	CHECK(count_descriptors() == descriptors && count_threads() == 1);
}

/* The library's thread has to follow: glibc asks all threads. */
static void *become_nobody(void *argument)
{
	enum { NOBODY = 65534 };

	CHECK(setuid(NOBODY) == 0);
	await_reading();
	return argument;
}

static void return_as_nobody(void)
{
	struct mprof_options options = often(become_nobody);

	mprof_result_free(measure(&options));
	CHECK(geteuid() != 0 && count_threads() == 1);
}

/* The process is a zombie by its first thread, whose files in /proc show no memory any more. */
static void *measure_alone(void *argument)
{
	struct mprof_options options = often(measure_inside);
	const struct timespec soon = { 0, 1000000 };
	char state = '?';

	inner = often(block_nothing);
	while (state != 'Z') {
		FILE *file = fopen("/proc/self/stat", "r");
		CHECK(file != NULL && fscanf(file, "%*d (%*[^)]) %c", &state) == 1);
		fclose(file);
		nanosleep(&soon, NULL);
	}
	struct mprof_result *result = measure(&options);
	CHECK(result->max_mib > 0);
	mprof_result_free(result);
	exit(6);
	return argument;
}

static void return_without_first_thread(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, measure_alone, NULL) == 0);
	pthread_exit(NULL);
}

int main(int argc, char *argv[])
{
	const struct {
		const char *name;
		void (*leave)(void);
		void *(*function)(void *argument);
	} ways[] = {
		{ "fork", leave_by_fork, NULL },
		{ "fork-as-init", leave_by_fork_as_init, NULL },
		{ "fork-and-jump", leave_by_jump_of_child, NULL },
		{ "as-nobody", return_as_nobody, NULL },
		{ "without-first-thread", return_without_first_thread, NULL },
		{ "exit", NULL, exit_9 },
		{ "exec", NULL, exec_shell },
		{ "signal", NULL, die },
		{ "longjmp", leave_by_longjmp, NULL },
		{ "end-of-thread", leave_by_end_of_thread, NULL },
		{ "cancellation", leave_by_cancellation, NULL },
		{ "much", return_after_much, NULL },
	};

	CHECK(syscall(SYS_close_range, 3U, ~0U, 0U) == 0);
	descriptors = count_descriptors();
	atexit(say_end);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc == 2 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		if (ways[i].leave != NULL) {
			ways[i].leave();
			return 0;
		}
		struct mprof_options options = often(ways[i].function);
		mprof_result_free(measure(&options));
		CHECK(!"it returned");
	}
	return 2;
}
