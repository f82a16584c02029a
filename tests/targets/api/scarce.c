/*
 * Without descriptors, addresses or threads left. usage: scarce
 *
 * What cannot be measured is an error, and then the function was not called; nothing is left of it.
 */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int calls;

static void *count_call(void *argument)
{
	calls++;
	return argument;
}

/* A function has been measured, or was not called. */
static void try_function(void)
{
	struct mprof_options options = defaults();
	struct mprof_result *result;
	const int before = calls;

	options.function = count_call;
	options.interval_s = 1000; /* no reading comes in between */
	struct mprof_error *error = mprof_memory_usage(&options, &result);
	CHECK(calls == before + (error == NULL));
	CHECK(error == NULL ? result->count == 3 : result == NULL);
	if (error != NULL)
		printf("%s\n", mprof_error_text(error));
	mprof_error_free(error);
	mprof_result_free(result);
}

static void without_descriptors(void)
{
	const struct rlimit few = { 40, 40 };
	struct mprof_options options = defaults();
	char *words[] = { (char *)"true", NULL };
	int last = -1;

	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;)
		last = fd;
	CHECK(errno == EMFILE && last > 0);
	for (int i = 0; i < 3; i++) {
		CHECK(measure_failing(&options, MPROF_ERROR_FAILED, "Too many open files") == NULL);
		try_function();
	}
	options.command = words;
	mprof_result_free(measure_failing(&options, MPROF_ERROR_FAILED, "Too many open files"));
	while (waitpid(-1, NULL, 0) > 0)
		;
	options.command = NULL;
	close(last);
	mprof_result_free(measure(&options));
	CHECK(open("/dev/null", O_RDONLY) == last);
}

static void without_addresses(void)
{
	struct mprof_options options = defaults();
	const rlim_t steps[] = { 0, 100 << 10, 300 << 10, 1 << 20, 16 << 20, 256 << 20 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		options.backend = "vms";
		struct mprof_result *result = measure(&options);
		const rlim_t bytes = (rlim_t)(result->mib[0] * MIB) + steps[i];
		const struct rlimit little = { bytes, RLIM_INFINITY },
				    much = { RLIM_INFINITY, RLIM_INFINITY };
		mprof_result_free(result);
		CHECK(setrlimit(RLIMIT_AS, &little) == 0);
		try_function();
		CHECK(setrlimit(RLIMIT_AS, &much) == 0);
	}
}

/* Root may always. */
static void without_threads(void)
{
	enum { SOMEBODY = 54321 };
	const struct rlimit one = { 1, 1 };

	if (geteuid() == 0)
		CHECK(setuid(SOMEBODY) == 0);
	CHECK(setrlimit(RLIMIT_NPROC, &one) == 0);
	try_function();
	struct mprof_options options = defaults();
	mprof_result_free(measure(&options)); /* that needs none */
}

int main(void)
{
	void (*const tests[])(void) = { without_descriptors, without_addresses, without_threads };

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		int status, descriptors = count_descriptors();
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			tests[i]();
			/* Counting takes a descriptor, of which the first one has left none. */
			CHECK(i == 0 ||
			      (count_threads() == 1 && count_descriptors() == descriptors));
			exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	puts("scarce: all as they should be");
	return 0;
}
