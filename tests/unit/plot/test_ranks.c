/* Unit tests of plot/ranks: how figures spread, which rank a name tells of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/ranks/rank_name.h"
#include "plot/ranks/spread.h"

static void assert_near(double found, double expected)
{
	assert_true(fabs(found - expected) < 1e-9);
}

/* As numpy.percentile has them. */
static void test_quartiles(void **state)
{
	static const double figures[] = { 7, 1, 4, 2 };
	struct spread spread;

	(void)state;
	assert_null(spread_find(figures, 4, &spread));
	assert_near(spread.low, 1);
	assert_near(spread.lower, 1.75);
	assert_near(spread.median, 3);
	assert_near(spread.upper, 4.75);
	assert_near(spread.high, 7);
	assert_near(spread.mean, 3.5);
	assert_near(spread.imbalance_percent, 100);
	assert_int_equal(spread.low_at, 1);
	assert_int_equal(spread.median_at, 3);
	assert_int_equal(spread.high_at, 0);
}

static void test_equal(void **state)
{
	static const double figures[] = { 5, 5, 5 }, one[] = { -2 };
	struct spread spread;

	(void)state;
	assert_null(spread_find(figures, 3, &spread));
	assert_int_equal(spread.high_at, 0);
	assert_int_equal(spread.low_at, 0);
	assert_near(spread.imbalance_percent, 0);
	assert_false(spread_is_far_above(&spread, 5.04));
	assert_true(spread_is_far_above(&spread, 5.06));
	assert_true(spread_is_far_below(&spread, 4.9));
	assert_null(spread_find(one, 1, &spread));
	assert_near(spread.median, -2);
	assert_near(spread.upper, -2);
	assert_true(isnan(spread.imbalance_percent));
}

static void test_nothing(void **state)
{
	struct spread spread;

	(void)state;
	assert_null(spread_find(NULL, 0, &spread));
	assert_true(isnan(spread.median) && isnan(spread.high) && isnan(spread.mean));
	assert_false(spread_is_far_above(&spread, 1e9));
	assert_false(spread_is_far_below(&spread, -1e9));
}

/* Sums that are no number any more are no way to a mean. */
static void test_huge(void **state)
{
	static const double figures[] = { 1e308, 1e308, 1e308 };
	struct spread spread;

	(void)state;
	assert_null(spread_find(figures, 3, &spread));
	assert_near(spread.mean / 1e308, 1);
	assert_near(spread.imbalance_percent, 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(rank_of_name("runs/run.12.dat"), 12);
	assert_int_equal(rank_of_name("7.dat"), 7);
	assert_int_equal(rank_of_name("run-0003.dat"), 3);
	assert_int_equal(rank_of_name("job 5/rank12.dat"), 12);
	assert_int_equal(rank_of_name("run.4711.3.dat"), 3);
	assert_int_equal(rank_of_name("run.999999999.dat"), 999999999);
	assert_int_equal(rank_of_name("mprofile_20260203140501.dat"), -1);
	assert_int_equal(rank_of_name("run.dat"), -1);
	assert_int_equal(rank_of_name("run.3"), -1);
	assert_int_equal(rank_of_name("7.dat/run.dat"), -1);
	assert_int_equal(rank_of_name(".dat"), -1);
	assert_int_equal(rank_of_name(""), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quartiles), cmocka_unit_test(test_equal),
		cmocka_unit_test(test_nothing),	  cmocka_unit_test(test_huge),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
