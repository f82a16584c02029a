/* Unit tests of whose the calls and samples of a profile are, and of what a legend makes of them. */
#include "tests/unit/plot_fixture.h"

#include <string.h>

#include "plot/totals/function_peak.h"

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

/* So may the main process's be, once it has ended: what a child does then is the child's. */
static void test_main_pid_used_again(void **state)
{
	(void)state;
	struct profile p;
	read_profile_text(
		&p, "PROC 7 1 1 x\nMEM 1 1\nPROC 8 7 1 y\nFUNC f 1 1 2 1.5 0 7 7\nDONE 7 2 0\n"
		    "PROC 7 8 3 z\nCHLD 7 90 3\nCHFUNC f 90 3 95 4 0 7 7\nDONE 7 5 1\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_int_equal(p.process_count, 3);
	assert_int_equal(p.processes[0].status, 0);
	assert_int_equal(p.processes[2].status, 1);
	assert_int_equal(p.functions[0].calls[0].process, 0);
	assert_int_equal(p.functions[0].calls[1].process, 2);
	assert_true(p.processes[0].highest_mib == 2);
	profile_deinit(&p);
}

/* A child's call has a word of its own; in files of the first format it has FUNC's. */
static void test_calls_of_a_child(void **state)
{
	(void)state;
	static const char *const words[] = { "FUNC", "CHFUNC" };

	for (size_t i = 0; i < 2; i++) {
		struct profile p;
		char text[512];
		snprintf(text, sizeof(text),
			 "FORMAT %zu x\nPROC 7 1 1 x\nMEM 1 1\nPROC 8 7 2 a\nCHLD 8 5 2\n"
			 "OPEN f 6 2 0 8 9\n%s f 6 2 7 3 0 8 9 exit\nMEM 2 4\n",
			 i + 1, words[i]);
		read_profile_text(&p, text);
		assert_int_equal(p.damaged_lines, 0);
		assert_int_equal(p.functions[0].call_count, 1);
		assert_int_equal(p.functions[0].calls[0].process, 1);
		assert_int_equal(p.functions[0].calls[0].tid, 9);
		assert_int_equal(p.functions[0].calls[0].how, CALL_EXIT);
		assert_true(p.processes[0].highest_mib == 2 && p.processes[1].highest_mib == 7);
		profile_deinit(&p);
	}
}

/* Whatever is damaged, a child's call is never the main process's. */
static void test_calls_of_no_child(void **state)
{
	(void)state;
	struct profile p;
	read_profile_text(
		&p, "PROC 7 1 1 x\nMEM 1 1\nCHFUNC f 50 1 60 2 0 7 7\n"
		    "CHFUNC f 50 1 60 2 0 0 0\nCHFUNC f 50 1 60 2 0\nFUNC g 50 1 60 2 0 8 8\n");
	assert_int_equal(p.damaged_lines, 3);
	assert_true(p.processes[0].highest_mib == 1);
	profile_deinit(&p);
	/* Neither where the main process is not named. */
	read_profile_text(&p, "MEM 1 1\nCHFUNC f 50 1 60 2 0 8 8\nFUNC g 3 1 4 2 0 9 9\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_true(p.processes[0].highest_mib == 4);
	profile_deinit(&p);
}

static double peak_of(const struct profile *profile, size_t process, const char *function)
{
	struct series_peaks peaks = { 0 };

	assert_null(series_peaks_build(&peaks, &profile->processes[process].series));
	double mib = function_peak_mib(profile, process, &peaks,
				       profile_find_function(profile, function));
	series_peaks_deinit(&peaks);
	return mib;
}

/* While a child calls, the main process has what it has: the child's figures are the child's. */
static void test_peak_of_a_childs_function(void **state)
{
	(void)state;
	struct profile p;
	read_profile_text(&p, "PROC 7 1 1 x\nPROC 8 7 1 y\nMEM 70 1\nMEM 78 2\nMEM 60 3\nMEM 79 9\n"
			      "CHLD 8 100 2\nCHLD 8 130 4\nCHFUNC f 90 1.5 95 2.5 0 8 8\n"
			      "CHFUNC g 90 3.5 104 3.6 0 8 8\n" /* between two samples of both */
			      "MANY h 8 1.25 3.5 40 1 0 1 0 99\nCHFUNC i 1 0.5 1 0.6 0 8 8\n"
			      "DONE 7 9 0\nCHFUNC j 1 10 1 11 0 8 8\n"
			      "FUNC k 5 3.1 6 3.2 0 7 7\nCHFUNC k 90 3.1 104 3.2 0 8 8\n");
	assert_int_equal(p.damaged_lines, 0);
	assert_true(peak_of(&p, 0, "f") == 78 && peak_of(&p, 1, "f") == 100);
	assert_true(peak_of(&p, 0, "g") == 60 && peak_of(&p, 1, "g") == 104);
	assert_true(peak_of(&p, 0, "h") == 70 && peak_of(&p, 1, "h") == 99);
	assert_true(peak_of(&p, 0, "i") == -1); /* before its first sample */
	assert_true(peak_of(&p, 0, "j") == -1); /* after its end */
	assert_true(peak_of(&p, 0, "k") == 60 && peak_of(&p, 1, "k") == 104);
	profile_deinit(&p);
	/* A sum has them all. */
	read_profile_text(&p, "METRIC rss tree\nPROC 7 1 1 x\nPROC 8 7 1 y\nMEM 70 1\nMEM 178 2\n"
			      "CHFUNC f 90 1.5 95 2.5 0 8 8\nCHFUNC g 90 2.5 95 2.6 0 8 8\n");
	assert_true(peak_of(&p, 0, "f") == 178 && peak_of(&p, 0, "g") == 178);
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
	assert_true(model.peak.is_shown && !model.other_peak.is_shown);
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
	assert_string_equal(model.legend[1].detail, "  1 inherited");
	plot_model_deinit(&model);
	profile_deinit(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pid_used_again),
		cmocka_unit_test(test_main_pid_used_again),
		cmocka_unit_test(test_calls_of_a_child),
		cmocka_unit_test(test_calls_of_no_child),
		cmocka_unit_test(test_peak_of_a_childs_function),
		cmocka_unit_test(test_open_calls_of_a_recursion),
		cmocka_unit_test(test_child_in_a_sum),
		cmocka_unit_test(test_forked),
	};
	return cmocka_run_group_tests_name("profile_calls", tests, NULL, NULL);
}
