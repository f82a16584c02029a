/* Unit tests of the recorder: lines as they are in the file, and when they are written. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/tracer/recorder_fixture.h"
#include "tracer/base/profile_format.h"

static void test_command_line_is_quoted(void **state)
{
	(void)state;
	char *const command[] = { "./a b",    "x",	     "",  "it's", "#1", "two\nlines",
				  "\xff\xfe", "caf\xc3\xa9", NULL };
	const char *text = end(begin(command, 10));
	assert_string_equal(line_of(text, "CMDLINE", 0),
			    "CMDLINE './a b' x '' 'it'\\''s' '#1' $'two\\012lines' "
			    "'\xef\xbf\xbd\xef\xbf\xbd' 'caf\xc3\xa9'");
	assert_string_equal(line_of(text, "INTERVAL", 0), "INTERVAL 0.100000000");
	assert_string_equal(line_of(text, "METRIC", 0), "METRIC pss");
}

/* Memory to six decimals, cut; times to nine, from integers. */
static void test_numbers(void **state)
{
	(void)state;
	double mib;
	long seconds, nanoseconds, seconds_later, nanoseconds_later;
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 10);
	recorder_memory(recorder, 1000000000, 149651456);
	recorder_memory(recorder, 1000000001, (uint64_t)3 << 40);
	const char *text = end(recorder);
	assert_int_equal(
		sscanf(line_of(text, "MEM", 0), "MEM %lf %ld.%9ld", &mib, &seconds, &nanoseconds),
		3);
	assert_non_null(strstr(line_of(text, "MEM", 0), "MEM 142.718750 "));
	assert_int_equal(sscanf(line_of(text, "MEM", 1), "MEM 3145728.000000 %ld.%9ld",
				&seconds_later, &nanoseconds_later),
			 2);
	assert_int_equal((seconds_later - seconds) * 1000000000 + nanoseconds_later - nanoseconds,
			 1);
}

static int failures_told;

static void count_failure(const char *format, ...)
{
	assert_non_null(strstr(format, "cannot write"));
	failures_told++;
}

/* A full disk is said once, and is no crash. */
static void test_full_disk(void **state)
{
	(void)state;
	char *const command[] = { "x", NULL };
	struct recorder *recorder;
	const struct recorder_options options = {
		.path = "/dev/full",
		.metric = "rss",
		.max_calls = 10,
		.interval_ns = 1,
		.tell = count_failure,
	};
	if (access("/dev/full", W_OK) != 0)
		skip();
	failures_told = 0;
	assert_null(recorder_create(&options, command, &recorder));
	for (int i = 0; i < 1000; i++) {
		recorder_memory(recorder, i, 1);
		recorder_flush(recorder, i);
	}
	assert_int_equal(failures_told, 1);
	struct error *err = recorder_close(recorder);
	assert_non_null(err);
	assert_non_null(strstr(error_message(err), "/dev/full"));
	error_free(err);
	assert_int_equal(access("/dev/full", F_OK), 0);
}

/* Ticks that come fast are written a tenth of a second at a time. */
static void test_flush_if_due(void **state)
{
	(void)state;
	char *const command[] = { "x", NULL };
	struct stat status;
	struct recorder *recorder = begin(command, 10);
	const int64_t ms = 1000000;

	recorder_flush(recorder, 1000 * ms);
	assert_int_equal(stat(recorder_test_path(), &status), 0);
	const off_t before = status.st_size;
	for (int i = 1; i < 50; i++) {
		recorder_memory(recorder, (1000 + i) * ms, 1 << 20);
		recorder_flush_if_due(recorder, (1000 + i) * ms);
	}
	assert_int_equal(stat(recorder_test_path(), &status), 0);
	assert_int_equal(status.st_size, before);
	recorder_flush_if_due(recorder, 1100 * ms);
	assert_int_equal(stat(recorder_test_path(), &status), 0);
	assert_true(status.st_size > before);
	assert_int_equal(count_of(end(recorder), "MEM 1.000000 "), 49);
}

static void test_added_and_ticks(void **state)
{
	(void)state;
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 10);
	const struct recorder_ticks ticks = { 90, 7, 3, 41000, 5000000 };

	recorder_added(recorder, 12, 1000, 3 * 4096);
	recorder_ticks(recorder, &ticks);
	const char *text = end(recorder);
	assert_non_null(strstr(line_of(text, "ADDED", 0), "ADDED 12 0.011718 "));
	assert_string_equal(line_of(text, "TICKS", 0), "TICKS 90 7 3 0.000041000 0.005000000");
}

static void test_miss_and_text(void **state)
{
	(void)state;
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 10);
	recorder_miss(recorder, "f(int, char)", "not\nfound");
	recorder_process(recorder, 4, 3, 0, "a b\n");
	const char *text = end(recorder);
	assert_string_equal(line_of(text, "MISS", 0), "MISS f(int,\xc2\xa0"
						      "char) not found");
	assert_non_null(strstr(line_of(text, "PROC", 0), " a b "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_line_is_quoted),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_flush_if_due),
		cmocka_unit_test(test_added_and_ticks),
		cmocka_unit_test(test_miss_and_text),
	};
	return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
