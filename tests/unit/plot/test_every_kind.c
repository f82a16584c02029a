/*
 * Unit tests of plot/profile on tests/records/every_kind.dat, which holds records of every kind:
 * each kind that a reader needs is understood, and the others do no harm.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/parts/part_view.h"
#include "plot/records/profile_reader.h"
#include "tracer/base/memory/companion.h"

static struct profile profile;

static int read_file(void **state)
{
	(void)state;
	const char *tests = getenv("TESTS"); /* as the runner sets it */
	char path[4096];

	snprintf(path, sizeof(path), "%s/records/every_kind.dat", tests != NULL ? tests : "tests");
	struct error *err = profile_read(&profile, path);
	if (err == NULL)
		return 0;
	print_error("%s\n", error_message(err));
	error_free(err);
	return 1;
}

static int forget_file(void **state)
{
	(void)state;
	profile_deinit(&profile);
	return 0;
}

static void test_head(void **state)
{
	(void)state;
	assert_int_equal(profile.damaged_lines, 0);
	assert_string_equal(profile.command_line, "sh job.sh");
	assert_string_equal(profile.metric, "rss");
	assert_false(profile.is_tree);
	assert_int_equal(profile.interval_ns, 100000000);
	assert_true(profile.rank.is_known);
	assert_int_equal(profile.rank.rank, 3);
	assert_int_equal(profile.rank.size, 8);
	assert_string_equal(profile.rank.job, "1200_7");
	assert_string_equal(profile.rank.node, "node017");
}

static const struct profile_process *process_of(int32_t pid)
{
	for (size_t i = 0; i < profile.process_count; i++)
		if (profile.processes[i].pid == pid)
			return &profile.processes[i];
	fail_msg("no process %d", pid);
	return NULL;
}

static void test_thread(void **state)
{
	(void)state;
	int32_t process = (int32_t)(process_of(22131) - profile.processes);

	assert_string_equal(profile_thread_name(&profile, process, 22136), "loader 1");
	assert_null(profile_thread_name(&profile, process, 22131));
	assert_null(profile_thread_name(&profile, process - 1, 22136));
}

static void test_processes(void **state)
{
	(void)state;
	size_t samples = 0, done = 0, peaks = 0;

	for (size_t i = 0; i < profile.process_count; i++) {
		samples += profile.processes[i].series.count;
		done += profile.processes[i].status >= 0;
		peaks += profile.processes[i].exact_peak_mib >= 0;
	}
	assert_int_equal(profile.process_count, 13); /* PROC */
	assert_int_equal(samples, 16 + 43);	     /* MEM, CHLD */
	assert_int_equal(done, 12);		     /* DONE: one is running still */
	assert_int_equal(peaks, 12);		     /* PEAK */
	assert_int_equal(profile.processes[0].pid, 22039);
	assert_string_equal(profile.processes[0].command, "exe"); /* EXEC */
	assert_int_equal(profile.processes[0].series.count, 16);
	assert_int_equal(process_of(22105)->parent_pid, 22103);
	assert_int_equal(process_of(22105)->status, 7);
	assert_int_equal(process_of(22145)->status, 128 + 6);
}

static void test_calls(void **state)
{
	(void)state;
	size_t count_of[CALL_OPEN + 1] = { 0 };

	for (size_t i = 0; i < profile.function_count; i++) {
		const struct profile_function *function = &profile.functions[i];
		for (size_t k = 0; k < function->call_count; k++)
			count_of[function->calls[k].how]++;
	}
	assert_int_equal(count_of[CALL_RETURNED], 42);
	assert_int_equal(count_of[CALL_UNWOUND], 4);
	assert_int_equal(count_of[CALL_EXIT], 2);
	assert_int_equal(count_of[CALL_EXEC], 6);
	assert_int_equal(count_of[CALL_FORKED], 3);
	assert_int_equal(count_of[CALL_BEFORE], 4);
	/* One of them by its OPEN alone: the recording broke off in it. */
	assert_int_equal(count_of[CALL_OPEN], 3 + 1);
	assert_non_null(
		profile_find_function(&profile, "shapes::area(char const*, unsigned long)"));
	assert_non_null(profile_find_function(&profile, "__main__.load"));
}

static void test_held(void **state)
{
	(void)state;
	size_t count_of[CALL_HELDS] = { 0 };
	size_t moments = 0;

	for (size_t i = 0; i < profile.function_count; i++) {
		const struct profile_function *function = &profile.functions[i];
		for (size_t k = 0; k < function->call_count; k++)
			count_of[function->calls[k].held]++;
	}
	assert_int_equal(count_of[CALL_HELD_IN], 1);
	assert_int_equal(count_of[CALL_HELD_OUT], 1);
	assert_int_equal(count_of[CALL_HELD_BOTH], 1);
	assert_int_equal(profile_find_function(&profile, "step")->condensed[0].held_count, 2);
	for (size_t i = 0; i < profile.markers[0].count; i++)
		moments += profile.markers[0].moments[i].is_held;
	assert_int_equal(moments, 1);
}

static void test_condensed(void **state)
{
	(void)state;
	const struct profile_function *step = profile_find_function(&profile, "step");

	assert_non_null(step);
	assert_int_equal(step->call_count, 6);
	assert_int_equal(step->condensed_count, 1); /* MANY */
	assert_int_equal(step->condensed[0].count, 6);
	assert_int_equal(step->condensed[0].total_ns, 1534161);
}

static void test_lines(void **state)
{
	(void)state;
	const struct line_book *book = &profile.lines;
	double gained_mib = 0;

	assert_int_equal(book->count, 1);
	const struct line_block *work = &book->blocks[0];
	assert_string_equal(book->names.items[work->name].text, "work");
	assert_int_equal(profile.processes[work->process].pid, 22108);
	assert_true(work->has_function); /* LINES */
	assert_int_equal(work->function.first_line, 31);
	assert_int_equal(work->function.last_line, 40);
	assert_int_equal(work->function.calls, 5);
	assert_true(work->function.is_optimised);
	/* LINE: of one line the last counts; what is inlined is in its own file. */
	assert_int_equal(work->count, 4);
	assert_int_equal(work->lines[1].line, 34);
	assert_int_equal(work->lines[1].count, 5);
	assert_int_equal(work->lines[2].held_count, 2);
	assert_int_equal(work->lines[3].line, 9);
	assert_int_equal(book->sources.count, 2);
	assert_int_not_equal(work->lines[3].source, work->function.source);
	for (size_t i = 0; i < work->count; i++)
		gained_mib += work->lines[i].gained_mib;
	/* TEXT */
	assert_string_equal(line_book_text(book, work->function.source, 34), "        work(5);");
	assert_null(line_book_text(book, work->function.source, 35));
	assert_true(fabs(gained_mib - work->function.gained_mib) < 1e-9);
}

static void test_left(void **state)
{
	(void)state;
	const struct left_function *step = profile_find_left(&profile, "step");

	assert_int_equal(profile.left_count, 1); /* LEFT */
	assert_non_null(step);
	assert_int_equal(step->at_ns, 1795977319797400000);
	assert_int_equal(step->calls, 12);
	assert_null(profile_find_left(&profile, "work"));
}

static void test_marks_and_misses(void **state)
{
	(void)state;
	assert_int_equal(profile.marker_count, 1); /* MARK */
	assert_string_equal(profile.markers[0].name, "usdt:demo:tick");
	assert_int_equal(profile.markers[0].count, 8);
	assert_int_equal(profile.missed_count, 1); /* MISS */
	assert_string_equal(profile.missed[0].pattern, "no_such");
	assert_string_equal(profile.missed[0].reason, "not found");
}

static double part_mib(int kind, const char *name, int64_t time_ns)
{
	for (size_t i = 0; i < profile.parts.count; i++) {
		const struct profile_track *part = &profile.parts.tracks[i];
		if (part->kind == kind && strcmp(part->name, name) == 0)
			return profile_track_value(part, time_ns);
	}
	return -1;
}

static void test_parts(void **state)
{
	const int64_t at_ns = INT64_C(1795977319194060303);

	(void)state;
	assert_int_equal(profile.parts.count, 7);
	assert_true(part_mib(PART_HEAP, "", at_ns) == 0.039062);
	assert_true(part_mib(PART_HEAP, "", at_ns - 1) == 0);
	assert_true(part_mib(PART_LIBRARY, "/usr/lib/x86_64-linux-gnu/libc.so.6", INT64_MAX) ==
		    0.832031);
	assert_int_equal(profile.companions.count, 4);
	assert_int_equal(profile.companions.tracks[1].kind, WITH_FAULTS);
	assert_true(profile_track_value(&profile.companions.tracks[1], at_ns) == 241);
	assert_string_equal(part_title(&profile.parts.tracks[4]), "libc.so.6");
	assert_string_equal(part_title(&profile.parts.tracks[5]), "other libraries");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_condensed),
		cmocka_unit_test(test_marks_and_misses),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_parts),
	};
	return cmocka_run_group_tests(tests, read_file, forget_file);
}
