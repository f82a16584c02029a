/* Unit tests of reading with a visitor: each sample that stays is shown once, whatever is kept of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/records/profile_reader.h"

static const int64_t S = 1000000000;

struct seen {
	char text[4096]; /* "PROCESS:SECOND:MIB " each */
	size_t count;
	size_t fails_at; /* 0: never */
};

static struct error *see(void *data, int32_t process, int64_t time_ns, double mib)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);

	if (used < sizeof(seen->text) - 64)
		snprintf(seen->text + used, 64, "%d:%d:%g ", (int)process, (int)(time_ns / S), mib);
	seen->count++;
	return seen->count == seen->fails_at ? error_new(ERR_FAILED, "full") : NULL;
}

static struct error *read_text(struct profile *ret, const char *text,
			       struct profile_reading *reading, struct seen *seen)
{
	char path[] = "/tmp/test_sample_visitor.XXXXXX";
	const struct sample_visitor visitor = { .visit = see, .data = seen };
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	reading->visitor = &visitor;
	struct error *err = profile_read_with(ret, path, reading);
	unlink(path);
	return err;
}

/* The leap of 30 years is taken back, the sample that goes back is none. */
static void test_damaged_ones_are_not_shown(void **state)
{
	(void)state;
	struct profile p;
	struct seen seen = { .count = 0 };
	struct profile_reading reading = { 0 };
	assert_null(read_text(&p,
			      "MEM 1 100\nMEM 2 101\nCHLD 7 5 101\nMEM 9 900000000\nMEM 3 102\n"
			      "MEM 4 50\nCHLD 7 6 102\nMEM 5 103\n",
			      &reading, &seen));
	assert_string_equal(seen.text, "0:100:1 0:101:2 1:101:5 0:102:3 0:103:5 1:102:6 ");
	assert_int_equal(p.damaged_lines, 2);
	assert_int_equal(p.processes[0].series.total, 4);
	profile_deinit(&p);
}

/* What a range leaves out of memory is shown all the same. */
static void test_all_of_a_reduced_series(void **state)
{
	(void)state;
	const struct series_range range = { INT64_MIN, INT64_MAX, 64 };
	struct profile_reading reading = { .range = &range };
	struct profile p;
	struct seen seen = { .count = 0 };
	char *text;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	for (int i = 0; i < 1000; i++)
		fprintf(out, "MEM %d %d\n", i % 7, 1000 + i);
	fclose(out);
	assert_null(read_text(&p, text, &reading, &seen));
	assert_int_equal(seen.count, 1000);
	assert_true(p.processes[0].series.count <= 64);
	profile_deinit(&p);
	free(text);
}

static void test_calls_are_skipped(void **state)
{
	(void)state;
	struct profile_reading reading = { .skips_calls = true };
	struct profile p;
	struct seen seen = { .count = 0 };
	assert_null(read_text(
		&p,
		"MEM 1 100\nFUNC f 1 100 2 101 0 9 9\nOPEN g 1 100 0 9 9\nMARK m 1 100 9 9\n"
		"MANY f 9 100 101 3 0.5 0.1 0.2 0 2 0\nCHLD 8 1 101\n",
		&reading, &seen));
	assert_string_equal(seen.text, "0:100:1 2:101:1 ");
	for (size_t i = 0; i < p.function_count; i++)
		assert_int_equal(p.functions[i].call_count + p.functions[i].condensed_count, 0);
	assert_int_equal(p.marker_count == 0 || p.markers[0].count == 0, 1);
	assert_int_equal(p.damaged_lines, 0);
	profile_deinit(&p);
}

static void test_an_error_ends_the_reading(void **state)
{
	(void)state;
	struct profile_reading reading = { 0 };
	struct profile p;
	struct seen seen = { .fails_at = 2 };
	struct error *err =
		read_text(&p, "MEM 1 100\nMEM 2 101\nMEM 3 102\nMEM 4 103\n", &reading, &seen);
	assert_non_null(err);
	assert_string_equal(error_message(err), "full");
	assert_int_equal(seen.count, 2);
	error_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_ones_are_not_shown),
		cmocka_unit_test(test_all_of_a_reduced_series),
		cmocka_unit_test(test_calls_are_skipped),
		cmocka_unit_test(test_an_error_ends_the_reading),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
