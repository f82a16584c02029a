/* Unit tests of summing children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/profile/profile_children.h"
#include "plot/profile/profile_reader.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_few_stay_as_they_are),
	};
	return cmocka_run_group_tests_name("profile_children", tests, NULL, NULL);
}
