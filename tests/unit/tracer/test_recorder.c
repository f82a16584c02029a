/* Unit tests of the recorder: lines as they are in the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/base/profile_format.h"
#include "tracer/record/recorder.h"

static const char path[] = "test_recorder.dat";

static struct recorder *begin(char *const command[], uint64_t max_calls)
{
	struct recorder *recorder;
	const struct recorder_options options = {
		.path = path, .metric = "pss", .max_calls = max_calls, .interval_ns = 100000000
	};
	assert_null(recorder_create(&options, command, &recorder));
	return recorder;
}

/* Closes it; the file's text is in a buffer of the test's own. */
static const char *end(struct recorder *recorder)
{
	static char text[1 << 20];
	assert_null(recorder_close(recorder));
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	unlink(path);
	return text;
}

/* The @number-th line that begins with @word, without its newline; "" when there is none. */
static const char *line_of(const char *text, const char *word, int number)
{
	static char line[4096];
	for (; *text != '\0'; text += strcspn(text, "\n") + 1) {
		size_t bytes = strcspn(text, "\n");
		if (strncmp(text, word, strlen(word)) != 0 || number-- > 0)
			continue;
		snprintf(line, sizeof(line), "%.*s", (int)bytes, text);
		return line;
	}
	return "";
}

static int count_of(const char *text, const char *word)
{
	int count = 0;
	while (*line_of(text, word, count) != '\0')
		count++;
	return count;
}

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

static void record_calls(struct recorder *recorder, const char *name, int count, bool is_noted)
{
	for (int i = 0; i < count; i++) {
		const struct recorder_call call = { .name = name,
						    .pid = 10,
						    .tid = 11,
						    .level = 2,
						    .is_noted = is_noted,
						    .entry_ns = 5000 + i * 1000,
						    .entry_bytes = 1 << 20 };
		recorder_call_ended(recorder, &call, 5000 + i * 1000 + 100 + i, 2 << 20,
				    CALL_RETURNED);
	}
}

/* Beyond the limit, calls are summed up; those noted as open never are. */
static void test_condensing(void **state)
{
	(void)state;
	static const char often[] = "often", seldom[] = "seldom";
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 3);
	record_calls(recorder, often, 40, false);
	record_calls(recorder, seldom, 2, false);
	record_calls(recorder, often, 4, true);
	/* Nor are those that have come with a fork: they are no calls of their own. */
	const struct recorder_call forked = { .name = often, .pid = 12, .tid = 12 };
	recorder_call_ended(recorder, &forked, 9000, 2 << 20, CALL_FORKED);
	const char *text = end(recorder);
	/* Each is longer than all before: the first 16 beyond the limit are single, and then those twice as long. */
	assert_int_equal(count_of(text, "FUNC often "), 3 + 16 + 4 + 1);
	assert_int_equal(count_of(text, "FUNC seldom "), 2);
	assert_int_equal(count_of(text, "MANY "), 1);
	/* Calls 19 to 39: 21 of them, 119 to 139 ns each, 2709 in all, 1 MiB gained by each. */
	const char *many = line_of(text, "MANY ", 0);
	assert_non_null(strstr(many, "MANY often 10 "));
	assert_non_null(
		strstr(many, " 21 0.000002709 0.000000119 0.000000139 21.000000 2.000000 0"));
}

static void call_for(struct recorder *recorder, const char *name, int64_t duration_ns)
{
	const struct recorder_call call = { .name = name, .pid = 10, .tid = 10, .entry_ns = 1000 };

	recorder_call_ended(recorder, &call, 1000 + duration_ns, 0, CALL_RETURNED);
}

static void test_longest_calls_stay_single(void **state)
{
	(void)state;
	static const char often[] = "often";
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 1);
	assert_int_equal(recorder_limit_ns(recorder, often), 0);
	call_for(recorder, often, 5);
	assert_int_equal(recorder_limit_ns(recorder, often), 0);
	for (int i = 0; i < 16; i++)
		call_for(recorder, often, 100 + i);
	assert_int_equal(recorder_limit_ns(recorder, often), 100);
	call_for(recorder, often, 100); /* no longer than any of them */
	call_for(recorder, often, 150); /* 16 are enough for now */
	call_for(recorder, often, 400);
	assert_int_equal(recorder_limit_ns(recorder, often), 101);
	recorder_flush(recorder, INT64_MAX);
	call_for(recorder, often, 150);
	const char *text = end(recorder);
	assert_int_equal(count_of(text, "FUNC often "), 1 + 16 + 1 + 1);
	assert_non_null(
		strstr(line_of(text, "MANY ", 0), " 2 0.000000250 0.000000100 0.000000150 "));
}

/* Whose calls are too expensive: they are condensed from now on, or not recorded any more. */
static void test_condensed_on_demand(void **state)
{
	(void)state;
	static const char often[] = "often", seldom[] = "seldom";
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 1000);

	call_for(recorder, often, 5);
	recorder_condense(recorder, often);
	for (int i = 0; i < 16; i++)
		call_for(recorder, often, 100);
	assert_int_equal(recorder_limit_ns(recorder, often), 100);
	assert_int_equal(recorder_limit_ns(recorder, seldom), 0);
	for (int i = 0; i < 20; i++) {
		call_for(recorder, often, 20);
		call_for(recorder, seldom, 20);
	}
	recorder_left(recorder, often, 7000, 37);
	const char *text = end(recorder);
	assert_int_equal(count_of(text, "FUNC often "), 1 + 16);
	assert_int_equal(count_of(text, "FUNC seldom "), 20);
	assert_non_null(strstr(line_of(text, "MANY ", 0), " 20 0.000000400 "));
	const char *left = line_of(text, "LEFT ", 0);
	assert_memory_equal(left, "LEFT often ", 11);
	assert_string_equal(left + strlen(left) - 3, " 37");
}

/* Ten times as many as one function may have are enough for all of them: the next keep their longest alone. */
static void test_calls_of_all_functions(void **state)
{
	(void)state;
	static const char *const names[] = { "f0", "f1", "f2", "f3", "f4",  "f5",
					     "f6", "f7", "f8", "f9", "late" };
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 20);
	assert_false(recorder_condenses(recorder, 19));
	assert_true(recorder_condenses(recorder, 20));
	for (size_t i = 0; i < 10; i++)
		for (int k = 0; k < 20; k++)
			call_for(recorder, names[i], 100);
	assert_true(recorder_condenses(recorder, 0));
	for (int k = 0; k < 40; k++)
		call_for(recorder, names[10], 100);
	const char *text = end(recorder);
	assert_int_equal(count_of(text, "FUNC f"), 10 * 20);
	assert_int_equal(count_of(text, "FUNC late "), 16);
	assert_non_null(strstr(line_of(text, "MANY late ", 0), " 24 "));
}

/* What pads have summed up is added to what came by itself. */
static void test_sums_of_pads(void **state)
{
	(void)state;
	static const char often[] = "often";
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, 0);
	const struct recorder_sum sum = { .pid = 10,
					  .from_ns = 500,
					  .to_ns = 3000,
					  .count = 70,
					  .total_ns = 1400,
					  .shortest_ns = 10,
					  .longest_ns = 90,
					  .bytes = 3 << 20 };
	call_for(recorder, often, 100);
	recorder_calls_summed(recorder, often, &sum);
	recorder_calls_summed(recorder, often, &sum);
	const char *text = end(recorder);
	assert_int_equal(count_of(text, "FUNC "), 0);
	assert_int_equal(count_of(text, "MANY "), 1);
	assert_non_null(strstr(line_of(text, "MANY ", 0),
			       " 141 0.000002900 0.000000010 0.000000100 0.000000 3.000000"));
}

/* A flag behind the end of a call, which is written out then; nothing where nothing is held. */
static void test_held_memory(void **state)
{
	(void)state;
	static const struct {
		enum call_held held;
		enum call_end how;
		const char *end; /* of the line */
	} cases[] = { { CALL_HELD_NONE, CALL_RETURNED, " 2 10 11" },
		      { CALL_HELD_NONE, CALL_EXIT, " 2 10 11 exit" },
		      { CALL_HELD_IN, CALL_RETURNED, " 2 10 11 ret held-in" },
		      { CALL_HELD_OUT, CALL_UNWOUND, " 2 10 11 unwound held-out" },
		      { CALL_HELD_BOTH, CALL_RETURNED, " 2 10 11 ret held" } };
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	char *const command[] = { "x", NULL };
	struct recorder *recorder = begin(command, CASES);
	struct recorder_call call = { .name = "f", .pid = 10, .tid = 11, .level = 2 };

	for (size_t i = 0; i < CASES; i++) {
		call.held = cases[i].held;
		recorder_call_ended(recorder, &call, 2000, 1 << 20, cases[i].how);
	}
	recorder_call_open(recorder, &call);
	call.held = CALL_HELD_OUT; /* as nothing is of an end that has not come */
	recorder_call_open(recorder, &call);
	recorder_mark(recorder, "m", 10, 11, 2000, 1 << 20, true);
	recorder_mark(recorder, "m", 10, 11, 2000, 1 << 20, false);
	/* Beyond the limit: 3 calls of no time, of which 2 have something held; and 9 that were summed up. */
	for (int i = 0; i < 3; i++) {
		call.held = i == 0 ? CALL_HELD_NONE : i == 1 ? CALL_HELD_OUT : CALL_HELD_BOTH;
		recorder_call_ended(recorder, &call, 0, 1 << 20, CALL_RETURNED);
	}
	struct recorder_sum sum = { .pid = 10, .count = 4, .bytes = 1 << 20 };
	recorder_calls_summed(recorder, call.name, &sum);
	sum.count = 5;
	sum.is_held = true;
	recorder_calls_summed(recorder, call.name, &sum);
	const char *text = end(recorder);
	for (size_t i = 0; i < CASES; i++) {
		const char *line = line_of(text, "FUNC ", (int)i);
		assert_true(strlen(line) > strlen(cases[i].end));
		assert_string_equal(line + strlen(line) - strlen(cases[i].end), cases[i].end);
	}
	assert_non_null(strstr(line_of(text, "OPEN ", 0), " 2 10 11 held"));
	assert_null(strstr(line_of(text, "OPEN ", 1), "held"));
	assert_non_null(strstr(line_of(text, "MARK ", 0), " 10 11 held"));
	assert_null(strstr(line_of(text, "MARK ", 1), "held"));
	assert_non_null(strstr(line_of(text, "MANY ", 0), " 12 0."));
	assert_non_null(strstr(line_of(text, "MANY ", 0), " 1.000000 7"));
}

/* mprof takes every FUNC for a figure of the main process: the first one that the file names. */
static void test_calls_of_children(void **state)
{
	(void)state;
	char *const command[] = { "x", NULL };
	struct recorder_call call = { .name = "f" };
	struct recorder *recorder = begin(command, 10);

	recorder_process(recorder, 10, 1, 1000, "main");
	recorder_process(recorder, 12, 10, 1000, "child");
	for (call.pid = 10; call.pid <= 12; call.pid += 2)
		recorder_call_ended(recorder, &call, 2000, 1 << 20, CALL_RETURNED);
	/* The main process has ended, and its pid is another's. */
	recorder_done(recorder, 10, 3000, 0);
	recorder_process(recorder, 10, 12, 4000, "child");
	call.pid = 10;
	call.name = "g";
	recorder_call_ended(recorder, &call, 5000, 1 << 20, CALL_EXIT);
	const char *text = end(recorder);
	assert_int_equal(count_of(text, "FUNC "), 1);
	assert_non_null(strstr(line_of(text, "FUNC ", 0), " 0 10 0"));
	assert_int_equal(count_of(text, "CHFUNC "), 2);
	assert_non_null(strstr(line_of(text, "CHFUNC f ", 0), " 0 12 0"));
	assert_non_null(strstr(line_of(text, "CHFUNC g ", 0), " 0 10 0 exit"));
}

static void test_long_names_and_lines(void **state)
{
	(void)state;
	static char name[200000];
	char *const command[] = { "x", NULL };
	memset(name, 'n', sizeof(name) - 1);
	struct recorder *recorder = begin(command, 1000);
	record_calls(recorder, name, 3, false);
	const char *text = end(recorder);
	assert_int_equal(count_of(text, "FUNC nnn"), 3);
	assert_int_equal(text[strlen(text) - 1], '\n');
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
	assert_int_equal(stat(path, &status), 0);
	const off_t before = status.st_size;
	for (int i = 1; i < 50; i++) {
		recorder_memory(recorder, (1000 + i) * ms, 1 << 20);
		recorder_flush_if_due(recorder, (1000 + i) * ms);
	}
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, before);
	recorder_flush_if_due(recorder, 1100 * ms);
	assert_int_equal(stat(path, &status), 0);
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
		cmocka_unit_test(test_condensing),
		cmocka_unit_test(test_held_memory),
		cmocka_unit_test(test_longest_calls_stay_single),
		cmocka_unit_test(test_condensed_on_demand),
		cmocka_unit_test(test_calls_of_all_functions),
		cmocka_unit_test(test_sums_of_pads),
		cmocka_unit_test(test_calls_of_children),
		cmocka_unit_test(test_long_names_and_lines),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_flush_if_due),
		cmocka_unit_test(test_added_and_ticks),
		cmocka_unit_test(test_miss_and_text),
	};
	return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
