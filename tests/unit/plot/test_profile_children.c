/* Unit tests of summing children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/model/palette.h"
#include "plot/model/plot_build.h"
#include "plot/profile/profile_children.h"
#include "plot/records/profile_reader.h"
#include "plot/totals/tree_sum.h"

static const char path[] = "test_children.dat";

/* Child 2 ends at 3 s; children 3 and 4 go on; child 5 is the largest. */
static void read_example(struct profile *profile)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("CMDLINE x\nMEM 1 1000000000.0\nMEM 1 1000000006.0\n"
	      "CHLD 2 10 1000000001.0\nCHLD 3 20 1000000002.0\nCHLD 4 5 1000000002.0\n"
	      "CHLD 5 100 1000000002.0\nCHLD 2 12 1000000002.5\nDONE 2 1000000003.0 0\n"
	      "CHLD 3 21 1000000004.0\nCHLD 4 5 1000000005.0\n",
	      file);
	fclose(file);
	assert_null(profile_read(profile, path));
	unlink(path);
}

static void test_sum(void **state)
{
	(void)state;
	struct profile profile;
	read_example(&profile);
	assert_null(profile_sum_children(&profile, 1));
	assert_int_equal(profile.process_count, 6);
	const struct profile_process *sum = &profile.processes[5];
	assert_int_equal(sum->pid, PROFILE_PID_SUMMED);
	assert_string_equal(sum->command, "3 other children, summed");
	/* Each of them counts with its last sample, until its end. */
	static const double expected[] = { 10, 35, 37, 25, 26, 5, 5, 0 };
	static const double at_s[] = { 1, 2, 2.5, 3, 4, 4, 5, 5 };
	assert_int_equal(sum->series.count, 8);
	for (size_t i = 0; i < 8; i++) {
		double second =
			(double)(sum->series.time_ns[i] - 1000000000 * INT64_C(1000000000)) / 1e9;
		assert_true(second > at_s[i] - 0.001 && second < at_s[i] + 0.001);
		assert_true(sum->series.mib[i] > expected[i] - 1e-6 &&
			    sum->series.mib[i] < expected[i] + 1e-6);
	}
	assert_true(sum->highest_mib == 37);
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(profile.processes[i].series.count > 0,
				 profile.processes[i].pid == 5);
	profile_deinit(&profile);
}

static void test_few_stay_as_they_are(void **state)
{
	(void)state;
	struct profile profile;
	for (size_t kept = 3; kept < 6; kept++) {
		read_example(&profile);
		assert_null(profile_sum_children(&profile, kept));
		assert_int_equal(profile.process_count, 5);
		profile_deinit(&profile);
	}
}

/* Workers with 5.0, 4.9, 4.8 and 4.0 MiB, two loggers, one of no name; in the order of their pids. */
static void read_workers(struct profile *profile)
{
	static const struct {
		const char *name;
		double mib;
	} children[] = { { "w x", 4.8 },  { "logger", 1 }, { "w x", 5 },  { "w x", 4 },
			 { "logger", 1 }, { NULL, 1 },	   { "w x", 4.9 } };
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("PROC 1 0 1000000000.0 main\nMEM 1 1000000000.0\nMEM 1 1000000009.0\n", file);
	for (int i = 0; i < 7; i++) {
		if (children[i].name != NULL)
			fprintf(file, "PROC %d 1 1000000000.0 %s\n", 2 + i, children[i].name);
		fprintf(file, "CHLD %d %g 100000000%d.0\n", 2 + i, children[i].mib, i);
	}
	fclose(file);
	assert_null(profile_read(profile, path));
	unlink(path);
}

static void test_groups(void **state)
{
	(void)state;
	struct profile profile;
	struct child_groups groups;

	read_workers(&profile);
	assert_null(profile_group_children(&profile, false, &groups));
	/* The workers of nearly 5 MiB, that of 4, and others each for itself: two are no group. */
	static const size_t expected[] = { 3, 1, 1, 1, 1 };
	assert_int_equal(groups.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(groups.groups[i].count, expected[i]);
	assert_true(groups.groups[0].high_mib == 5 && groups.groups[1].high_mib == 4);
	assert_int_equal(profile.processes[groups.processes[groups.groups[0].first]].pid, 4);
	child_groups_deinit(&groups);
	assert_null(profile_group_children(&profile, true, &groups));
	assert_int_equal(groups.count, 7);
	child_groups_deinit(&groups);

	/* A group counts as one, and the others are summed; then they come last, however high. */
	assert_null(profile_sum_children(&profile, 1));
	assert_null(profile_group_children(&profile, false, &groups));
	assert_int_equal(groups.count, 2);
	assert_int_equal(groups.groups[0].count, 3);
	assert_true(groups.groups[1].is_sum);
	child_groups_deinit(&groups);
	profile_deinit(&profile);
}

/* Each has its curve; the legend has one line, in their colour. Trends are each child's own. */
static void test_groups_in_legend(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;

	read_workers(&profile);
	assert_null(plot_build(&model, &profile, 1, &(struct plot_options){ 0 }));
	assert_int_equal(model.curve_count, 8);
	assert_string_equal(model.legend[1].name, "3 \xc3\x97 w x");
	assert_string_equal(model.legend[1].detail, ", 4.8 MiB to 5.0 MiB each");
	assert_string_equal(model.legend[2].name, "child 5 (w x)");
	assert_int_equal(model.curves[1].color, model.legend[1].color);
	assert_int_equal(model.curves[1].color, model.curves[3].color);
	assert_int_not_equal(model.curves[1].color, model.curves[4].color);
	assert_string_equal(model.curves[1].name, "child 2 (w x)");
	plot_model_deinit(&model);

	/* Of a part what is seen of them; and the colours stay. */
	const struct plot_options part = { .has_window = true,
					   .window_start_ns = 1500000000,
					   .window_end_ns = 7000000000 };
	int color = palette_cycle(0);
	assert_null(plot_build(&model, &profile, 1, &part));
	assert_string_equal(model.legend[1].name, "2 \xc3\x97 w x");
	assert_int_equal(model.legend[1].color, color);
	plot_model_deinit(&model);

	assert_null(plot_build(&model, &profile, 1, &(struct plot_options){ .slope = true }));
	assert_string_equal(model.legend[1].name, "child 4 (w x)");
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_few_stay_as_they_are),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_groups_in_legend),
	};
	return cmocka_run_group_tests_name("profile_children", tests, NULL, NULL);
}
