/* How long threads are held: the histogram. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tracer/loop/state/hold_times.h"

static void quantiles_are_right_to_an_eighth(void **state)
{
	struct hold_times times = { 0 };

	(void)state;
	for (int64_t ns = 1; ns <= 100000; ns++)
		hold_times_note(&times, ns);
	for (int percent = 1; percent <= 100; percent++) {
		const int64_t exact = percent * 1000,
			      found = hold_times_quantile_ns(&times, percent / 100.0);
		assert_true(found >= exact - 1 && found <= exact + exact / 8);
	}
	assert_int_equal(times.longest_ns, 100000);
	assert_int_equal(hold_times_quantile_ns(&times, 1), 100000);
}

static void each_time_has_a_bucket(void **state)
{
	static const int64_t ends[] = { 0, 1, 7, 8, 15, 16, 17, 1 << 20, INT64_MAX - 1, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct hold_times times = { 0 };
		hold_times_note(&times, ends[i]);
		assert_int_equal(hold_times_quantile_ns(&times, 0.5), ends[i]);
	}
}

static void nothing_is_kept_unless_asked_for(void **state)
{
	struct hold_times times = { 0 };
	int64_t since_ns = 0;

	(void)state;
	hold_times_fetched(&times);
	hold_times_begin(&times, &since_ns);
	hold_times_end(&times, &since_ns);
	assert_int_equal(times.count, 0);
	times.are_kept = true;
	hold_times_fetched(&times);
	hold_times_begin(&times, &since_ns);
	assert_true(since_ns != 0);
	hold_times_end(&times, &since_ns);
	assert_int_equal(times.count, 1);
	assert_int_equal(since_ns, 0);
	hold_times_end(&times, &since_ns); /* it has ended before */
	assert_int_equal(times.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_are_right_to_an_eighth),
		cmocka_unit_test(each_time_has_a_bucket),
		cmocka_unit_test(nothing_is_kept_unless_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
