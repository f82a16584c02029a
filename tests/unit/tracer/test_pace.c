/* Unit tests of whether stops come fast: times in, a decision out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/loop/pace.h"

static const int64_t MS = 1000000;

static void test_beats_on_grid(void **state)
{
	(void)state;
	static const int64_t intervals_ns[] = { 1000000, 3000000, 25000000, 100000000,
						INT64_C(86400000000000) };

	for (size_t i = 0; i < sizeof(intervals_ns) / sizeof(intervals_ns[0]); i++) {
		struct pace pace;
		pace_init(&pace, intervals_ns[i]);
		assert_true(pace.beat_ns > 0 && pace.beat_ns <= 10 * MS);
		/* A whole number of beats, and rounding makes none too early. */
		int64_t beats = (intervals_ns[i] + pace.beat_ns / 2) / pace.beat_ns;
		assert_true(beats * pace.beat_ns >= intervals_ns[i]);
		assert_true(beats * pace.beat_ns - intervals_ns[i] < beats);
	}
}

static void test_fast_and_slow(void **state)
{
	(void)state;
	struct pace pace;
	int64_t now_ns = 5 * MS;

	pace_init(&pace, 100 * MS);
	for (int i = 1; i < PACE_FAST_STOPS; i++, now_ns += 1000)
		assert_false(pace_note(&pace, 1, now_ns));
	assert_true(pace_note(&pace, 1, now_ns));
	assert_true(pace.is_fast);
	assert_true(pace_beat(&pace));				 /* it may come at once */
	assert_false(pace_note(&pace, PACE_SLOW_STOPS, now_ns)); /* fast already */
	assert_true(pace_beat(&pace));
	pace_note(&pace, PACE_SLOW_STOPS - 1, now_ns);
	assert_false(pace_beat(&pace));
	assert_false(pace.is_fast);
}

/* As many, but in the time of many beats. */
static void test_slow_stops(void **state)
{
	(void)state;
	struct pace pace;

	pace_init(&pace, 100 * MS);
	for (int64_t i = 0; i < 1000; i++)
		assert_false(pace_note(&pace, 1, i * pace.beat_ns / (PACE_FAST_STOPS - 2)));
}

static void test_left(void **state)
{
	(void)state;
	struct pace pace;

	pace_init(&pace, 100 * MS);
	assert_true(pace_note(&pace, PACE_FAST_STOPS, 1));
	pace_leave(&pace);
	assert_false(pace.is_fast);
	assert_false(pace_note(&pace, PACE_FAST_STOPS - 1, 2));
	assert_true(pace_note(&pace, 1, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beats_on_grid),
		cmocka_unit_test(test_fast_and_slow),
		cmocka_unit_test(test_slow_stops),
		cmocka_unit_test(test_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
