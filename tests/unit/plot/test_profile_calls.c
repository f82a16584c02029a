/* Unit tests of whose the calls and samples of a profile are, and of what a legend makes of them. */
#include "tests/unit/plot_fixture.h"

#include <string.h>

/* A pid that is used again is another process, with samples, calls and an end of its own. */
static void test_pid_used_again(void **state)
{
	(void)state;
	struct profile p;
	read_profile_text(
		&p, "PROC 7 1 1 x\nMEM 1 1\n"
		    "PROC 8 7 2 a\nCHLD 8 5 2\nFUNC f 1 2 2 2.5 0 8 8\nPEAK 8 6 3\nDONE 8 3 1\n"
		    "PROC 8 7 4 b\nCHLD 8 3 4\nFUNC f 1 4 2 4.5 0 8 8\nDONE 8 5 0\n"
		    "MEM 4 6\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_int_equal(p.process_count, 3);
	assert_int_equal(p.functions[0].calls[0].process, 1);
	assert_int_equal(p.functions[0].calls[1].process, 2);
	assert_string_equal(p.processes[1].command, "a");
	assert_string_equal(p.processes[2].command, "b");
	assert_int_equal(p.processes[1].end_ns, 3000000000);
	assert_int_equal(p.processes[2].pid, 8);
	assert_int_equal(p.processes[1].series.count, 1);
	assert_int_equal(p.processes[2].series.count, 1);
	assert_true(p.processes[2].exact_peak_mib < 0);
	profile_deinit(&p);
}

/* Calls that were recursive already when their process was attached to, or forked, have one entry time. */
static void test_open_calls_of_a_recursion(void **state)
{
	(void)state;
	struct profile p;
	read_profile_text(&p, "PROC 7 1 1 x\nMEM 1 1\n"
			      "OPEN f 1 1.5 0 7 7\nOPEN f 1 1.5 1 7 7\nOPEN f 1 1.5 2 7 7\n"
			      "FUNC f 1 1.5 2 1.75 2 7 7 before\n"
			      "MEM 4 3\n");
	assert_int_equal(p.functions[0].call_count, 3);
	assert_int_equal(p.functions[0].calls[0].how, CALL_BEFORE);
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(p.functions[0].calls[i].how, CALL_OPEN);
		assert_int_equal(p.functions[0].calls[i].level, i - 1);
	}
	profile_deinit(&p);
}

static const struct plot_options PLAIN = { 0 };

/* In a file of sums a child has brackets, and neither a curve, a legend entry nor a peak. */
static void test_child_in_a_sum(void **state)
{
	(void)state;
	struct profile p;
	struct plot_model model;
	read_profile_text(&p, "METRIC rss tree\nPROC 5 1 1 x\nMEM 10 1\nPROC 6 5 2 y\n"
			      "FUNC f 3 2 30 3 0 6 6\nMEM 20 5\n");
	make_model(&model, &p, &PLAIN);
	assert_int_equal(model.curve_count, 1);
	assert_int_equal(model.bracket_count, 2);
	assert_true(model.peak.is_shown && !model.child_peak.is_shown);
	assert_int_equal(model.legend_count, 4); /* the sum, a note on it, f, the peak */
	for (size_t i = 0; i < model.legend_count; i++)
		assert_int_not_equal(model.legend[i].key, PLOT_KEY_CHILD);
	plot_model_deinit(&model);
	profile_deinit(&p);
}

/* A call that was open at a fork is counted in the parent, which may be left out or unknown. */
static void test_forked(void **state)
{
	(void)state;
	struct profile p;
	struct plot_model model;
	read_profile_text(&p, "PROC 5 4 1 x\nMEM 10 1\nFUNC f 3 2 4 3 0 5 5 forked\nMEM 10 5\n");
	make_model(&model, &p, &PLAIN);
	assert_string_equal(model.legend[1].name, "f");
	assert_string_equal(model.legend[1].detail, "  begun before the fork  1.00 s");
	plot_model_deinit(&model);
	profile_deinit(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pid_used_again),
		cmocka_unit_test(test_open_calls_of_a_recursion),
		cmocka_unit_test(test_child_in_a_sum),
		cmocka_unit_test(test_forked),
	};
	return cmocka_run_group_tests_name("profile_calls", tests, NULL, NULL);
}
