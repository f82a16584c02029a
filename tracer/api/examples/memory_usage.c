/* SPDX-License-Identifier: CC0-1.0 */
/*
 * How much memory a function needs, and how much a command.
 *
 *	cc memory_usage.c $(pkg-config --cflags --libs mprof) && ./a.out [COMMAND [ARGUMENT...]]
 */
#include <mprof.h>
#include <stdio.h>
#include <stdlib.h>

/* Something to measure: 32 MiB, and what is in it. */
static void *sum_up(void *argument)
{
	const size_t *count = argument;
	long *numbers = malloc(*count * sizeof(*numbers));
	static long sum;

	sum = 0;
	for (size_t i = 0; numbers != NULL && i < *count; i++)
		numbers[i] = (long)i;
	for (size_t i = 0; numbers != NULL && i < *count; i++)
		sum += numbers[i];
	free(numbers);
	return &sum;
}

static int tell(struct mprof_error *error)
{
	fprintf(stderr, "cannot measure it: %s\n", mprof_error_text(error));
	mprof_error_free(error);
	return 1;
}

static int measure_function(void)
{
	size_t count = (32 << 20) / sizeof(long);
	struct mprof_options options;
	struct mprof_result *result;

	mprof_options_init(&options, sizeof(options));
	options.function = sum_up;
	options.argument = &count;
	options.interval_s = 0.001;
	options.retval = 1;
	struct mprof_error *error = mprof_memory_usage(&options, &result);
	if (error != NULL) {
		mprof_result_free(result);
		return tell(error);
	}
	printf("sum %ld, %zu readings: %.1f MiB at first, %.1f MiB at most\n",
	       *(const long *)result->returned, result->count, result->mib[0], result->max_mib);
	mprof_result_free(result);
	return 0;
}

/* Its profile goes to stdout, for mprof-trace plot or mprof plot. */
static int measure_command(char *const command[])
{
	struct mprof_options options;
	struct mprof_result *result;

	mprof_options_init(&options, sizeof(options));
	options.command = command;
	options.stream = stdout;
	options.include_children = options.multiprocess = 1;
	struct mprof_error *error = mprof_memory_usage(&options, &result);
	int status = result == NULL ? 0 : result->status;
	mprof_result_free(result);
	return error == NULL ? status : tell(error);
}

int main(int argc, char *argv[])
{
	return argc > 1 ? measure_command(argv + 1) : measure_function();
}
