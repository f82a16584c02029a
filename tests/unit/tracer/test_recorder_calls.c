/* Unit tests of the recorder: which calls have a line of their own, and what becomes of the others. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tracer/recorder_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_condensing),
		cmocka_unit_test(test_held_memory),
		cmocka_unit_test(test_longest_calls_stay_single),
		cmocka_unit_test(test_condensed_on_demand),
		cmocka_unit_test(test_calls_of_all_functions),
		cmocka_unit_test(test_sums_of_pads),
		cmocka_unit_test(test_calls_of_children),
		cmocka_unit_test(test_long_names_and_lines),
	};
	return cmocka_run_group_tests_name("recorder_calls", tests, NULL, NULL);
}
