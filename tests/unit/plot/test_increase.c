/* Unit tests of increases within calls, and of medians. */
#include "tests/unit/plot_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "plot/totals/call_increase.h"
#include "plot/totals/median.h"

static struct call_increase *increases_of(struct profile *profile, const char *text)
{
	struct call_increase *increases;

	read_profile_text(profile, text);
	assert_null(call_increases_create(profile, NULL, &increases));
	return increases;
}

static const struct call_increase *find(const struct profile *profile,
					const struct call_increase *increases, const char *name)
{
	for (size_t i = 0; i < profile->function_count; i++) {
		if (strcmp(profile->functions[i].name, name) == 0)
			return &increases[i];
	}
	fail_msg("no function %s", name);
	return NULL;
}

/* outer from 1.0 to 1.9; in it twice inner, which calls itself once; another thread's inner meanwhile. */
static void test_calls(void **state)
{
	(void)state;
	struct profile profile;
	struct call_increase *all = increases_of(
		&profile,
		"METRIC rss\nPROC 5 1 1000.000000000 prog a\nMEM 10 1000.000000000\n"
		"FUNC inner 13 1000.250000000 14 1000.300000000 2 5 5\n"
		"FUNC inner 12 1000.200000000 15 1000.400000000 1 5 5\n"
		"FUNC inner 15 1000.500000000 11 1000.600000000 1 5 5 unwound\n"
		"MEM 31 1000.550000000\n"
		"FUNC inner 20 1000.500000000 20.5 1000.650000000 0 5 6 ret held-in\n"
		"FUNC outer 10 1000.100000000 16 1000.900000000 0 5 5\n"
		"MEM 16 1001.000000000\nPEAK 5 33 1001.400000000\nDONE 5 1001.500000000 3\n");

	const struct call_increase *inner = find(&profile, all, "inner");
	assert_int_equal(inner->calls, 3); /* the recursive one is part of another */
	assert_int_equal(inner->held_calls, 1);
	assert_float_equal(inner->highest_mib, 31 - 15, 1e-9);
	assert_float_equal(inner->mean_mib, (3 + 16 + 11) / 3.0, 1e-9);
	assert_float_equal(inner->bound_mib, 33 - 12, 1e-9);
	const struct call_increase *outer = find(&profile, all, "outer");
	assert_float_equal(outer->highest_mib, 21, 1e-9);
	assert_float_equal(outer->bound_mib, 23, 1e-9);
	free(all);
	profile_deinit(&profile);
}

/* What gives back rises by nothing; what is as high as the kernel's mark is exact; a child has its own. */
static void test_bounds(void **state)
{
	(void)state;
	struct profile profile;
	struct call_increase *all = increases_of(
		&profile, "METRIC rss\nPROC 5 1 1000.000000000 prog a\nMEM 10 1000.000000000\n"
			  "FUNC grows 10 1000.100000000 30 1000.200000000 0 5 5\n"
			  "FUNC frees 30 1000.300000000 12 1000.400000000 0 5 5\n"
			  "CHLD 6 1 1000.100000000\n"
			  "CHFUNC child 2 1000.100000000 5 1000.200000000 0 6 6\n"
			  "CHLD 6 9 1000.300000000\n"
			  "PEAK 5 30 1001.400000000\nDONE 5 1001.500000000 3\n");

	assert_float_equal(find(&profile, all, "grows")->highest_mib, 20, 1e-9);
	assert_float_equal(find(&profile, all, "grows")->bound_mib, 20, 1e-9);
	assert_float_equal(find(&profile, all, "frees")->highest_mib, 0, 1e-9);
	assert_float_equal(find(&profile, all, "frees")->bound_mib, 0, 1e-9);
	assert_float_equal(find(&profile, all, "child")->highest_mib, 3, 1e-9);
	assert_true(isnan(find(&profile, all, "child")->bound_mib));
	free(all);
	profile_deinit(&profile);
}

/* Nothing but condensed calls, or calls that a child has inherited: nothing is known of one. */
static void test_no_calls(void **state)
{
	(void)state;
	struct profile profile;
	struct call_increase *all = increases_of(
		&profile, "METRIC rss\nPROC 5 1 1000.000000000 prog a\nMEM 10 1000.000000000\n"
			  "MANY often 5 1000.100000000 1000.200000000 70 0.010000000 0.000100000 "
			  "0.000200000 3 12 0\n"
			  "CHFUNC main 3 1000.100000000 4 1000.200000000 0 6 6 forked\n");

	assert_int_equal(find(&profile, all, "often")->calls, 0);
	assert_int_equal(find(&profile, all, "often")->condensed_calls, 70);
	assert_true(isnan(find(&profile, all, "often")->highest_mib));
	assert_int_equal(find(&profile, all, "main")->calls, 0);
	free(all);
	profile_deinit(&profile);
}

/* What a mark says that was read at entries and returns: it has risen within a call, or has not. */
static void test_marks(void **state)
{
	(void)state;
	static const char text[] =
		"METRIC rss\nPROC 5 1 1000.000000000 prog a\nMEM 10 1000.000000000\n"
		"PEAK 5 90 1000.050000000\nEXEC 5 1000.050000000 prog b\n"
		"PEAK 5 10 1000.100000000\nFUNC rises 10 1000.100000000 12 1000.200000000 0 5 5\n"
		"PEAK 5 40 1000.200000000\nFUNC stays 12 1000.300000000 20 1000.400000000 0 5 5\n"
		"FUNC thrown 12 1000.500000000 13 1000.600000000 0 5 5 unwound\n"
		"PEAK 5 41 1000.700000000\nFUNC early 5 1000.010000000 6 1000.020000000 0 5 5\n"
		"DONE 5 1001.500000000 3\n";
	struct mark_list marks = { 0 };
	const struct sample_visitor visitor = { .data = &marks, .visit_mark = mark_list_add };
	const struct profile_reading reading = { .visitor = &visitor };
	char path[] = "/tmp/test_increase.XXXXXX";
	struct profile profile;
	struct call_increase *all;

	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	assert_null(profile_read_with(&profile, path, &reading));
	unlink(path);
	mark_list_sort(&marks);
	assert_int_equal(marks.count, 5);
	assert_null(call_increases_create(&profile, &marks, &all));

	assert_float_equal(find(&profile, all, "rises")->highest_mib, 30, 1e-9);
	assert_float_equal(find(&profile, all, "rises")->bound_mib, 30, 1e-9);
	assert_float_equal(find(&profile, all, "stays")->highest_mib, 8, 1e-9);
	assert_float_equal(find(&profile, all, "stays")->bound_mib, 28, 1e-9);
	/* Nobody has read it at its end: the next reading is a bound, and proves nothing. */
	assert_float_equal(find(&profile, all, "thrown")->highest_mib, 1, 1e-9);
	assert_float_equal(find(&profile, all, "thrown")->bound_mib, 29, 1e-9);
	/* Before it no mark is known: that of all of the process's life is the bound. */
	assert_float_equal(find(&profile, all, "early")->bound_mib, 85, 1e-9);
	free(all);
	mark_list_deinit(&marks);
	profile_deinit(&profile);
}

static void test_median(void **state)
{
	(void)state;
	double values[] = { 7, 1, 4, 2 }, median, spread;

	median_find(values, 4, &median, &spread);
	assert_float_equal(median, 3, 1e-9);
	assert_float_equal(spread, 4, 1e-9);
	median_find(values, 1, &median, &spread);
	assert_float_equal(median, 1, 1e-9);
	assert_float_equal(spread, 0, 1e-9);
	median_find(values, 0, &median, &spread);
	assert_true(isnan(median) && isnan(spread));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),	 cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_no_calls), cmocka_unit_test(test_marks),
		cmocka_unit_test(test_median),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
