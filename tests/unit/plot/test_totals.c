/* Unit tests of the totals of a profile: functions, processes, the tree. */
#include "tests/unit/plot_fixture.h"

#include <string.h>

#include "plot/totals/profile_totals.h"

static const int64_t ZERO_NS = 1000 * INT64_C(1000000000);
static const int64_t MS = 1000000;

static void totals_of(struct profile_totals *totals, struct profile *profile, const char *text)
{
	read_profile_text(profile, text);
	assert_null(profile_totals_init(totals, profile));
}

static void release(struct profile_totals *totals, struct profile *profile)
{
	profile_totals_deinit(totals);
	profile_deinit(profile);
}

static const struct function_totals *totals_find(const struct profile_totals *totals,
						 const struct profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->function_count; i++) {
		if (strcmp(profile->functions[i].name, name) == 0)
			return &totals->functions[i];
	}
	fail_msg("no function %s", name);
	return NULL;
}

/* outer from 1.0 to 1.9; in it twice inner, which calls itself once; another thread's inner meanwhile. */
static const char nested[] =
	"PROC 5 1 1000.000000000 prog a\nMEM 10 1000.000000000\n"
	"FUNC inner 13 1000.250000000 14 1000.300000000 2 5 5\n"
	"FUNC inner 12 1000.200000000 15 1000.400000000 1 5 5\n"
	"FUNC inner 15 1000.500000000 11 1000.600000000 1 5 5 unwound\n"
	"MEM 31 1000.550000000\n"
	"FUNC inner 20 1000.500000000 20.5 1000.650000000 0 5 6 ret held-in\n"
	"FUNC outer 10 1000.100000000 16 1000.900000000 0 5 5\n"
	"MEM 16 1001.000000000\nDONE 5 1001.500000000 3\nPEAK 5 33 1001.400000000\n";

static void test_nested_calls(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile, nested);

	const struct function_totals *inner = totals_find(&totals, &profile, "inner");
	assert_int_equal(inner->calls, 4);
	assert_int_equal(inner->unwound_calls, 1);
	assert_int_equal(inner->held_calls, 1);
	assert_int_equal(inner->open_calls, 0);
	assert_int_equal(inner->total_ns,
			 (200 + 100 + 150) * MS); /* the recursive one counts once */
	assert_int_equal(inner->self_ns, (200 + 100 + 150) * MS);
	assert_int_equal(inner->mean_ns, 125 * MS);
	assert_int_equal(inner->shortest_ns, 50 * MS);
	assert_int_equal(inner->longest_ns, 200 * MS);
	assert_float_equal(inner->gained_mib, 3.5, 1e-9);
	assert_float_equal(inner->released_mib, 4, 1e-9);
	assert_float_equal(inner->net_mib, -0.5, 1e-9);
	assert_float_equal(inner->highest_mib, 31, 1e-9);
	assert_true(inner->worst.is_known);
	assert_float_equal(inner->worst.gained_mib, 3, 1e-9);
	assert_int_equal(inner->worst.in_ns, ZERO_NS + 200 * MS);
	assert_int_equal(inner->worst.pid, 5);
	assert_int_equal(inner->worst.tid, 5);
	assert_false(inner->is_self_at_most);

	const struct function_totals *outer = totals_find(&totals, &profile, "outer");
	assert_int_equal(outer->total_ns, 800 * MS);
	assert_int_equal(outer->self_ns, 500 * MS);
	release(&totals, &profile);
}

static void test_nesting(void **state)
{
	(void)state;
	struct profile profile;
	struct call_nesting nesting;
	read_profile_text(&profile, nested);
	assert_null(call_nesting_init(&nesting, &profile));

	assert_int_equal(nesting.thread_count, 2);
	assert_int_equal(nesting.threads[0].tid, 5);
	assert_int_equal(nesting.threads[0].count, 4);
	assert_int_equal(nesting.threads[1].first, 4);
	assert_int_equal(nesting.threads[1].count, 1);
	static const uint32_t parents[] = { UINT32_MAX, 0, 1, 0, UINT32_MAX };
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(nesting.parents[i], parents[i]);
	assert_int_equal(call_nesting_at(&profile, &nesting, 2)->level, 2);
	call_nesting_deinit(&nesting);
	profile_deinit(&profile);
}

/* Calls of one time are told apart by their levels; those that only overlap hold none another. */
static void test_nesting_of_equal_times(void **state)
{
	(void)state;
	struct profile profile;
	struct call_nesting nesting;
	read_profile_text(&profile,
			  "MEM 1 1000\n"
			  "FUNC c 1 1000.1 1 1000.2 2 5 5\nFUNC b 1 1000.1 1 1000.2 1 5 5\n"
			  "FUNC a 1 1000.1 1 1000.2 0 5 5\n"
			  "FUNC next 1 1000.2 1 1000.2 0 5 5\n"
			  "FUNC first 1 1000.4 1 1000.6 0 5 5\n"
			  "FUNC second 1 1000.5 1 1000.7 0 5 5\n"
			  "FUNC late 1 1000.55 1 1000.58 0 5 5\n");
	assert_null(call_nesting_init(&nesting, &profile));
	static const char *const names[] = { "a", "b", "c", "next", "first", "second", "late" };
	static const uint32_t parents[] = {
		UINT32_MAX, 0, 1, UINT32_MAX, UINT32_MAX, UINT32_MAX, 5,
	};
	assert_int_equal(nesting.count, 7);
	for (size_t i = 0; i < 7; i++) {
		assert_string_equal(profile.functions[nesting.calls[i].function].name, names[i]);
		assert_int_equal(nesting.parents[i], parents[i]);
	}
	call_nesting_deinit(&nesting);
	profile_deinit(&profile);
}

/* A fork within serve: the child has it as an inherited call, and calls serve and work in it. */
static void test_inherited_calls(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile,
		  "PROC 5 1 1000 prog\nMEM 10 1000\nPROC 6 5 1000.2 prog\n"
		  "CHLD 6 10 1000.2\nCHLD 6 50 1000.3\nMEM 90 1000.3\n"
		  "CHFUNC work 11 1000.25 31 1000.35 2 6 6\n"
		  "CHFUNC serve 11 1000.22 31 1000.36 1 6 6\n"
		  "CHFUNC serve 10 1000.2 60 1000.5 0 6 6 forked\n"
		  "FUNC serve 10 1000.1 12 1000.6 0 5 5\nMEM 10 1000.7\n");
	const struct function_totals *serve = totals_find(&totals, &profile, "serve");
	assert_int_equal(serve->calls, 2);
	assert_int_equal(serve->inherited_calls, 1);
	assert_int_equal(serve->total_ns, (500 + 140) * MS);
	assert_int_equal(serve->self_ns, (500 + 40) * MS);
	assert_float_equal(serve->gained_mib, 22, 1e-9);
	assert_float_equal(serve->worst.gained_mib, 20, 1e-9);
	assert_int_equal(serve->worst.pid, 6);
	assert_float_equal(serve->highest_mib, 90, 1e-9);
	/* Of its own process's samples only. */
	assert_float_equal(totals_find(&totals, &profile, "work")->highest_mib, 50, 1e-9);
	release(&totals, &profile);
}

static void test_condensed_and_open_calls(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile,
		  "PROC 5 1 1000 prog\nMEM 10 1000\nFUNC hot 10 1000.1 11 1000.101 1 5 5\n"
		  "MANY hot 5 1000.2 1000.4 98 0.049000000 0.000100000 0.002000000 4 77 3\n"
		  "MANY hot 5 1000.4 1000.5 1 0.000500000 0.000500000 0.000500000 -1 20 0\n"
		  "FUNC before 1 1000.05 2 1000.06 0 5 5\n"
		  "OPEN main 10 1000.05 0 5 5\nMEM 30 1001\n");
	const struct function_totals *hot = totals_find(&totals, &profile, "hot");
	assert_int_equal(hot->calls, 100);
	assert_int_equal(hot->condensed_calls, 99);
	assert_int_equal(hot->held_calls, 3);
	assert_int_equal(hot->total_ns, 50500000);
	assert_int_equal(hot->mean_ns, 505000);
	assert_int_equal(hot->shortest_ns, 100000);
	assert_int_equal(hot->longest_ns, 2 * MS);
	assert_float_equal(hot->gained_mib, 5, 1e-9);
	assert_float_equal(hot->released_mib, 1, 1e-9);
	assert_float_equal(hot->highest_mib, 77, 1e-9);
	assert_true(hot->is_self_at_most);
	assert_int_equal(hot->first_ns, ZERO_NS + 100 * MS);
	assert_int_equal(hot->last_ns, ZERO_NS + 500 * MS);

	const struct function_totals *open = totals_find(&totals, &profile, "main");
	assert_int_equal(open->open_calls, 1);
	assert_int_equal(open->total_ns, 950 * MS);
	assert_int_equal(open->self_ns, 949 * MS - 10 * MS);
	assert_true(open->is_self_at_most);
	assert_float_equal(open->gained_mib, 20, 1e-9);
	assert_false(totals_find(&totals, &profile, "before")->is_self_at_most);
	release(&totals, &profile);
}

static void test_processes(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile, nested);
	const struct process_totals *process = &totals.processes[0];
	assert_int_equal(profile.process_count, 1);
	assert_int_equal(process->pid, 5);
	assert_int_equal(process->parent_pid, 1);
	assert_string_equal(process->command, "prog a");
	assert_string_equal(totals.command, "prog a");
	assert_true(process->has_ended);
	assert_int_equal(process->end_ns - process->start_ns, 1500 * MS);
	assert_int_equal(process->status, 3);
	assert_int_equal(process->samples, 3);
	/* The kernel keeps marks of the resident set; this file does not say what it has. */
	assert_float_equal(process->seen_mib, 31, 1e-9);
	assert_int_equal(process->seen_ns, ZERO_NS + 550 * MS);
	assert_float_equal(process->last_mib, 16, 1e-9);
	assert_true(process->has_slope);
	release(&totals, &profile);
}

static void test_unknown_processes(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile, "MEM 10 1000\nCHLD 7 5 1000.5\nPROC 9 1 1000 x\n");
	assert_int_equal(profile.process_count, 2);
	assert_null(totals.processes[1].command);
	assert_false(totals.processes[1].has_ended);
	assert_int_equal(totals.processes[1].start_ns, ZERO_NS + 500 * MS);
	assert_int_equal(totals.processes[1].status, -1);
	assert_false(totals.processes[1].has_slope);
	assert_false(totals.processes[1].is_peak_exact);
	assert_int_equal(profile_totals_highest_child(&totals, &profile), 1);
	release(&totals, &profile);
}

static void check_sum(const struct tree_sum *sum, const int64_t *at_ms, const double *mib,
		      size_t count)
{
	assert_int_equal(sum->series.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_float_equal(sum->series.mib[i], mib[i], 1e-9);
		/* A nanosecond before or behind belongs to its moment. */
		int64_t off_ns = sum->series.time_ns[i] - (ZERO_NS + at_ms[i] * MS);
		assert_in_range(off_ns + 1, 0, 2);
	}
}

static void test_tree(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile,
		  "PROC 5 1 1000 prog\nMEM 10 1000\nPROC 6 5 1000.1 x\nCHLD 6 4 1000.1\n"
		  "MEM 11 1000.2\nCHLD 6 5 1000.2\nDONE 6 1000.25 0\nMEM 12 1000.3\n");
	static const int64_t at_ms[] = { 0, 100, 200, 250, 300, 300 };
	static const double mib[] = { 10, 14, 16, 11, 12, 0 };
	check_sum(&totals.tree, at_ms, mib, 6);
	assert_float_equal(totals.tree.peak_mib, 16, 1e-9);
	assert_int_equal(totals.tree.peak_ns, ZERO_NS + 200 * MS);
	release(&totals, &profile);
}

/* Between two children that do not meet there is nothing. */
static void test_gap(void **state)
{
	(void)state;
	struct profile profile;
	struct tree_sum sum;
	static const size_t children[] = { 1, 2 };
	read_profile_text(&profile, "MEM 1 1000\nCHLD 6 4 1000.1\nCHLD 6 4 1000.2\n"
				    "DONE 6 1000.3 0\nCHLD 7 9 1000.8\nMEM 1 1001\n");
	assert_null(tree_sum_init_of(&sum, &profile, children, 2));
	static const int64_t at_ms[] = { 100, 200, 300, 800, 800, 800 };
	static const double mib[] = { 4, 4, 0, 0, 9, 0 };
	check_sum(&sum, at_ms, mib, 6);
	tree_sum_deinit(&sum);
	profile_deinit(&profile);
}

/* A sample that leapt into the future is taken back, and is in no sum; an interval is no more than a year. */
static void test_damaged(void **state)
{
	(void)state;
	struct profile profile;
	read_profile_text(&profile, "INTERVAL 9000000000\nMEM 1 1000\nMEM 500 900000\nMEM 2 1001\n"
				    "CHLD 6 4 1001.5\nINTERVAL -1\nMEM 2 1002\n");
	assert_int_equal(profile.damaged_lines, 3);
	assert_int_equal(profile.interval_ns, 0);
	assert_true(profile.together_ns == PROFILE_TIME_UNKNOWN);
	profile_deinit(&profile);
}

/* However few samples are kept, the peak of all together is that of all of them. */
static void test_reduced(void **state)
{
	(void)state;
	static const char path[] = "test_totals_reduced.dat";
	static const struct series_range range = { INT64_MIN, INT64_MAX, 64 };
	struct profile whole, reduced;
	struct tree_sum expected, found;
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("METRIC rss\nPROC 1 0 1000 x\n", file);
	for (int i = 0; i < 3000; i++) {
		fprintf(file, "MEM %d %d.%03d\n", i * 7919 % 101, 1000 + i / 1000, i % 1000);
		for (int child = 2; child < 5; child++)
			fprintf(file, "CHLD %d %d %d.%03d%d\n", child, i * child * 104729 % 211,
				1000 + i / 1000, i % 1000, child);
	}
	fputs("DONE 2 1003 0\nDONE 3 1003 0\nDONE 4 1003 0\nDONE 1 1003 0\n", file);
	fclose(file);
	assert_null(profile_read(&whole, path));
	assert_null(
		profile_read_with(&reduced, path, &(struct profile_reading){ .range = &range }));
	unlink(path);
	assert_true(reduced.processes[0].series.is_reduced);
	assert_null(tree_sum_init(&expected, &whole));
	assert_null(tree_sum_init(&found, &reduced));
	assert_float_equal(found.peak_mib, expected.peak_mib, 1e-6);
	assert_int_equal(found.peak_ns, expected.peak_ns);
	assert_true(expected.is_peak_of_all && found.is_peak_of_all);
	tree_sum_deinit(&expected);
	tree_sum_deinit(&found);
	profile_deinit(&whole);
	profile_deinit(&reduced);
}

static void test_made_tree(void **state)
{
	(void)state;
	struct profile profile;
	read_profile_text(&profile, "METRIC rss\nMEM 1 1000\nCHLD 6 4 1000.1\nMEM 2 1000.2\n");
	assert_null(profile_make_tree(&profile, false));
	assert_true(profile.is_tree);
	assert_float_equal(profile.processes[0].highest_mib, 5, 1e-9);
	assert_int_equal(profile.processes[1].series.count, 0);
	/* A second time it is what it is. */
	assert_null(profile_make_tree(&profile, false));
	assert_float_equal(profile.processes[0].highest_mib, 5, 1e-9);
	profile_deinit(&profile);
	read_profile_text(&profile, "METRIC rss\nMEM 1 1000\nCHLD 6 4 1000.1\nMEM 2 1000.2\n");
	assert_null(profile_make_tree(&profile, true));
	assert_float_equal(profile.processes[0].highest_mib, 5, 1e-9);
	assert_int_equal(profile.processes[1].series.count, 1);
	profile_deinit(&profile);
	read_profile_text(&profile, "METRIC rss tree\nMEM 7 1000\nCHLD 6 4 1000\nMEM 8 1000.2\n");
	assert_null(profile_make_tree(&profile, false));
	assert_float_equal(profile.processes[0].highest_mib, 8, 1e-9);
	assert_int_equal(profile.processes[1].series.count, 1);
	profile_deinit(&profile);
}

/* What all have at the end is nothing that the open call has gained. */
static void test_open_call_in_a_sum(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile,
		  "METRIC rss tree\nPROC 5 1 1000 prog\nMEM 10 1000\nOPEN main 3 1000.1 0 5 5\n"
		  "MEM 90 1001\n");
	assert_float_equal(totals.functions[0].gained_mib, 0, 1e-9);
	assert_float_equal(totals.functions[0].highest_mib, 90, 1e-9);
	release(&totals, &profile);
}

/* Sums that no int64_t holds stay at its end. */
static void test_too_long(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	totals_of(&totals, &profile,
		  "MEM 1 1000\nFUNC f 1 -4600000000 1 4600000000 0 5 5\n"
		  "FUNC f 1 -4600000000 1 4600000000 0 5 6\nFUNC g 1 0 1 4600000000 1 5 6\n");
	const struct function_totals *f = totals_find(&totals, &profile, "f");
	assert_true(f->total_ns == INT64_MAX);
	assert_true(f->self_ns == INT64_MAX);
	assert_true(f->mean_ns > INT64_C(9000000000000000000));
	release(&totals, &profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested_calls),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_nesting_of_equal_times),
		cmocka_unit_test(test_inherited_calls),
		cmocka_unit_test(test_condensed_and_open_calls),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_unknown_processes),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_reduced),
		cmocka_unit_test(test_made_tree),
		cmocka_unit_test(test_open_call_in_a_sum),
		cmocka_unit_test(test_too_long),
	};
	return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
