/* The options as a struct that grows, and combinations of them that make no sense. usage: growth */
#define _GNU_SOURCE
#include "check.h"

static void *do_nothing(void *argument)
{
	return argument;
}

static void test_growth(void)
{
	struct {
		struct mprof_options known;
		long later[4];
	} options;
	struct mprof_result *result;

	memset(&options, 0x5a, sizeof(options));
	mprof_options_init(&options.known, sizeof(options));
	CHECK(options.later[0] == 0 && options.later[3] == 0);
	mprof_result_free(measure(&options.known));
	options.later[3] = 1;
	CHECK(measure_failing(&options.known, MPROF_ERROR_USAGE, "later libmprof") == NULL);
	memset(&options, 0, sizeof(options));
	CHECK(measure_failing(&options.known, MPROF_ERROR_USAGE, "mprof_options_init") == NULL);

	options.known = defaults();
	options.known.function = do_nothing;
	options.known.pid = getpid();
	CHECK(measure_failing(&options.known, MPROF_ERROR_USAGE, "only one of") == NULL);
	options.known = defaults();
	for (options.known.pid = -3; options.known.pid <= 0; options.known.pid++) {
		if (options.known.pid != MPROF_SELF)
			CHECK(measure_failing(&options.known, MPROF_ERROR_USAGE, "is no pid") ==
			      NULL);
	}
	options.known.pid = getpid(); /* as good as MPROF_SELF */
	result = measure(&options.known);
	CHECK(result->pid == getpid());
	mprof_result_free(result);
	mprof_result_free(NULL);
	mprof_error_free(NULL);
	CHECK(strlen(mprof_version()) >= 5);
}

int main(void)
{
	test_growth();
	puts("growth: all as they should be");
	return 0;
}
