/*
 * Many at once, and many in a row. usage: crowds
 */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <sys/wait.h>

enum { THREADS = 64, CALLS = 1000 };

static pthread_barrier_t begun;

/* Lies on the stack of each thread, the library's too: its own memory is not to be what is left of that. */
static _Thread_local char of_thread[244 * 1024];

static void *touch_some(void *argument)
{
	void *memory = map_touched(1);

	unmap(memory, 1);
	return argument;
}

static void *measure_all_kinds(void *argument)
{
	char *words[] = { (char *)"true", NULL };
	struct mprof_options options = defaults();
	struct mprof_result *result;

	options.interval_s = 0.001;
	options.timestamps = 1;
	of_thread[0] = 1;
	pthread_barrier_wait(&begun);
	for (int i = 0; i < 5; i++) {
		options.function = touch_some;
		options.argument = argument;
		options.retval = 1;
		result = measure(&options);
		CHECK(result->returned == argument && result->count >= 3);
		for (size_t k = 1; k < result->count; k++)
			CHECK(result->times_s[k] >= result->times_s[k - 1]);
		mprof_result_free(result);
		options.function = NULL;
		mprof_result_free(measure(&options));
	}
	options.command = words;
	result = measure(&options);
	CHECK(result->status == 0 && !result->is_running);
	mprof_result_free(result);
	options.command = NULL;
	options.pid = 0;
	CHECK(measure_failing(&options, MPROF_ERROR_USAGE, "is no pid") == NULL);
	return NULL;
}

static void test_many_threads(void)
{
	pthread_t threads[THREADS];
	int descriptors = count_descriptors();

	pthread_barrier_init(&begun, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, measure_all_kinds, &begun) == 0);
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	pthread_barrier_destroy(&begun);
	CHECK(count_threads() == 1 && count_descriptors() == descriptors);
}

static void test_many_calls(void)
{
	char *words[] = { (char *)"true", NULL };
	struct mprof_options options = defaults();
	int descriptors = count_descriptors();
	double first_mib = 0;

	for (int i = 0; i < CALLS; i++) {
		options.function = touch_some;
		options.command = NULL;
		struct mprof_result *result = measure(&options);
		if (i == CALLS / 10)
			first_mib = result->mib[0];
		CHECK(i < CALLS / 10 || result->mib[0] < first_mib + 1 || HAS_SHADOW);
		mprof_result_free(result);
		options.function = NULL;
		mprof_result_free(measure(&options));
		if (i % 50 == 0) {
			options.command = words;
			mprof_result_free(measure(&options));
			options.command = NULL;
			options.pid = 1 << 30;
			CHECK(measure_failing(&options, MPROF_ERROR_GONE, "") == NULL);
			options.pid = MPROF_SELF;
		}
	}
	CHECK(count_threads() == 1 && count_descriptors() == descriptors);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0); /* no child */
}

int main(void)
{
	test_many_threads();
	test_many_calls();
	puts("crowds: all as they should be");
	return 0;
}
