/* Unit tests of plot/ranks: how figures spread, which rank a name tells of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/ranks/rank_band.h"
#include "plot/ranks/rank_groups.h"
#include "plot/ranks/rank_name.h"
#include "plot/ranks/spread.h"
#include "tests/unit/near.h"

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

/* A line of samples a second apart, from @first_s on. */
static struct series make_series(int64_t first_s, size_t count, const double *mib)
{
	struct series series = { 0 };

	for (size_t i = 0; i < count; i++)
		assert_null(series_add(&series, NULL, (first_s + (int64_t)i) * 1000000000, mib[i]));
	series_finish(&series, NULL);
	return series;
}

/* At each second, and between: of the lines that there are. */
static void test_band(void **state)
{
	static const double rising[] = { 0, 10, 20, 30, 40 }, level[] = { 8, 8, 8 };
	static const double spike[] = { 4, 4, 100, 4, 4 };
	struct series series[] = {
		make_series(0, 5, rising),
		make_series(1, 3, level),
		make_series(0, 5, spike),
	};
	struct rank_line all[] = { { .series = &series[0] },
				   { .series = &series[1] },
				   { .series = &series[2] } };
	const struct rank_lines lines = { .lines = all, .count = 3 };
	struct rank_band band;

	(void)state;
	assert_null(rank_band_init(&band, &lines, 0, 4000000000, 5));
	assert_int_equal(band.count, 5);
	assert_near(band.points[0].low, 0);
	assert_near(band.points[0].median, 2); /* 0 and 4 */
	assert_near(band.points[0].high, 4);
	assert_int_equal(band.points[1].time_ns, 1000000000);
	assert_near(band.points[1].lower, 6); /* 4, 8, 10 */
	assert_near(band.points[1].median, 8);
	assert_near(band.points[1].upper, 9);
	assert_near(band.points[2].high, 100);
	assert_near(band.points[4].low, 4); /* the level one has ended */
	assert_near(band.points[4].median, 22);
	rank_band_deinit(&band);
	/* A spike between two columns is within the edges, and in the quartiles of none. */
	assert_null(rank_band_init(&band, &lines, 0, 4500000000, 4));
	assert_near(band.points[1].high, 100);
	assert_true(band.points[1].upper < 60);
	assert_int_equal(band.count, 3); /* at 4.5 s there is none */
	rank_band_deinit(&band);
	for (size_t i = 0; i < 3; i++)
		series_deinit(&series[i]);
}

/* Lines that nobody could tell apart; of two each has its name. */
static void test_groups(void **state)
{
	static const double one[] = { 10, 50, 100, 20 }, near[] = { 10.4, 50.4, 99.6, 20.2 };
	static const double other[] = { 10, 50, 80, 20 };
	struct series series[] = { make_series(0, 4, one),   make_series(0, 4, other),
				   make_series(0, 4, near),  make_series(0, 4, one),
				   make_series(0, 4, other), make_series(0, 2, one) };
	struct rank_line all[6];
	struct rank_lines lines = { .lines = all, .count = 6 };
	struct rank_groups groups;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		all[i] = (struct rank_line){ .series = &series[i],
					     .peak_mib = series[i].highest_mib };
	assert_null(rank_groups_init(&groups, &lines, 0, 3000000000));
	assert_int_equal(groups.count, 4);
	assert_int_equal(groups.group_of[0], 0);
	assert_int_equal(groups.group_of[1], 1);
	assert_int_equal(groups.group_of[2], 0);
	assert_int_equal(groups.group_of[3], 0);
	assert_int_equal(groups.group_of[4], 2);
	assert_int_equal(groups.group_of[5], 3); /* it ends earlier */
	rank_groups_deinit(&groups);
	for (size_t i = 0; i < 6; i++)
		series_deinit(&series[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quartiles), cmocka_unit_test(test_equal),
		cmocka_unit_test(test_nothing),	  cmocka_unit_test(test_huge),
		cmocka_unit_test(test_names),	  cmocka_unit_test(test_band),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
