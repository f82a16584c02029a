/* Unit tests of plot/series: bounded room, and nothing lost that can be seen. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plot/profile/series.h"

static const int64_t START_NS = 1795310486000000000;

static void add(struct series *series, const struct series_range *range, int64_t ns, double mib)
{
	struct error *err = series_add(series, range, START_NS + ns, mib);
	if (err != NULL)
		fail_msg("%s", error_message(err));
}

static void assert_ordered(const struct series *series)
{
	for (size_t i = 1; i < series->count; i++)
		assert_true(series->time_ns[i] >= series->time_ns[i - 1]);
}

/* A million samples in a thousand: spikes, the ends, the sums and the peak are all kept. */
static void test_reduced(void **state)
{
	(void)state;
	enum { COUNT = 1000000, STEP = 1000 };
	const struct series_range range = { INT64_MIN, INT64_MAX, 1024 };
	struct series series = { 0 };
	struct trend trend = { 0 };

	srandom(3);
	for (int i = 0; i < COUNT; i++) {
		double mib = 100 + (double)(random() % 1000) / 100;
		if (i == 777777)
			mib = 500;
		if (i == 333333)
			mib = 1;
		add(&series, &range, (int64_t)i * STEP, mib);
		trend_add(&trend, START_NS + (int64_t)i * STEP, mib);
		assert_true(series.count <= 1024);
	}
	series_finish(&series, &range);
	assert_true(series.is_reduced);
	assert_ordered(&series);
	assert_int_equal(series.total, COUNT);
	assert_int_equal(series.time_ns[0], START_NS);
	assert_int_equal(series.time_ns[series.count - 1], START_NS + (COUNT - 1) * STEP);
	assert_true(series.highest_mib == 500);
	assert_int_equal(series.highest_ns, START_NS + 777777 * STEP);
	bool high = false, low = false;
	for (size_t i = 0; i < series.count; i++) {
		high = high || (series.mib[i] == 500 && series.time_ns[i] == series.highest_ns);
		low = low || series.mib[i] == 1;
	}
	assert_true(high && low);
	struct trend_line one, other;
	assert_true(trend_line(&trend, &one) && trend_line(&series.trend, &other));
	assert_true(one.mib_per_s == other.mib_per_s);
	/* Never longer without a sample than two columns are wide. */
	for (size_t i = 1; i < series.count; i++)
		assert_true(series.time_ns[i] - series.time_ns[i - 1] <=
			    (int64_t)COUNT * STEP / 60);
	series_deinit(&series);
}

/* All at one time, at any two times, at the ends of time: no endless loop, no overflow. */
static void test_odd_times(void **state)
{
	(void)state;
	const struct series_range range = { INT64_MIN, INT64_MAX, 64 };
	struct series same = { 0 }, far = { 0 };

	for (int i = 0; i < 10000; i++) {
		add(&same, &range, 0, i % 7);
		struct error *err =
			series_add(&far, &range, i < 5000 ? INT64_MIN : INT64_MAX, i % 11);
		assert_null(err);
		assert_true(same.count <= 64 && far.count <= 64);
	}
	assert_ordered(&far);
	series_finish(&same, &range);
	assert_true(same.highest_mib == 6);
	series_deinit(&same);
	series_deinit(&far);
}

/* A part: all samples within, one neighbour on each side at least, sums of the part only. */
static void test_range(void **state)
{
	(void)state;
	const struct series_range range = { START_NS + 5000, START_NS + 5100, 1024 };
	struct series series = { 0 };

	for (int i = 0; i < 10000; i++)
		add(&series, &range, i, i == 9000 ? 1e6 : i);
	series_finish(&series, &range);
	assert_false(series.is_reduced);
	assert_true(series.count <= 101 + 4);
	assert_int_equal(series.trend.count, 101);
	assert_int_equal(series.total, 10000);
	assert_true(series.highest_mib == 1e6);
	assert_int_equal(series.first_ns, START_NS);
	assert_int_equal(series.last_ns, START_NS + 9999);
	size_t first = series_find(&series, START_NS + 5000);
	assert_int_equal(series.time_ns[first], START_NS + 5000);
	assert_true(first > 0 && series.time_ns[first - 1] == START_NS + 4999);
	assert_int_equal(series.time_ns[first + 101], START_NS + 5101);
	assert_ordered(&series);
	series_deinit(&series);
}

/* A sample that is taken back leaves no trace. */
static void test_remove_last(void **state)
{
	(void)state;
	struct series series = { 0 };

	add(&series, NULL, 0, 1);
	add(&series, NULL, 10, 2);
	add(&series, NULL, 1000000, 900);
	series_remove_last(&series);
	add(&series, NULL, 20, 3);
	series_finish(&series, NULL);
	series_finish(&series, NULL);
	assert_int_equal(series.count, 3);
	assert_int_equal(series.total, 3);
	assert_int_equal(series.trend.count, 3);
	assert_true(series.highest_mib == 3);
	assert_int_equal(series.last_ns, START_NS + 20);
	series_deinit(&series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reduced),
		cmocka_unit_test(test_odd_times),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_remove_last),
	};
	return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
