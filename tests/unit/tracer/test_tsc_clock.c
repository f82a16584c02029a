/* The relation of a counter to the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tracer/loop/state/tsc_look.h"

enum { MS = 1000000 };

/* A counter of 2 GHz, and a clock that began at another time. */
static void note_at(struct tsc_clock *clock, int64_t ns)
{
	tsc_clock_note(clock, 5000 + 2 * (uint64_t)ns, 70 * (int64_t)MS + ns);
}

static void is_known_after_two_readings(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	note_at(&clock, 0);
	assert_false(tsc_clock_is_known(&clock));
	note_at(&clock, MS); /* too short a time for a speed */
	assert_false(tsc_clock_is_known(&clock));
	note_at(&clock, 3 * MS);
	assert_true(tsc_clock_is_known(&clock));
	assert_int_equal(tsc_clock_ns(&clock, 5000 + 2 * MS), 71 * MS);
	assert_int_equal(tsc_clock_ticks(&clock, MS), 2 * MS);
}

static void another_speed_is_no_clock(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	note_at(&clock, 0);
	note_at(&clock, 3 * MS);
	tsc_clock_note(&clock, clock.last.tsc + 2 * MS, clock.last.ns + 3 * (int64_t)MS);
	assert_true(clock.is_unstable);
	assert_false(tsc_clock_is_known(&clock));
}

static void running_backwards_is_no_clock(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	note_at(&clock, 3 * MS);
	note_at(&clock, 2 * MS);
	assert_true(clock.is_unstable);
}

/* Whatever comes in between, a pair of readings is close together: the real ones, ten thousand times. */
static void looks_are_of_one_moment(void **state)
{
	struct tsc_clock clock = { 0 };
	int64_t last_ns = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		tsc_look(&clock);
		assert_true(clock.last.ns >= last_ns);
		last_ns = clock.last.ns;
	}
	assert_false(clock.is_unstable);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_known_after_two_readings),
		cmocka_unit_test(another_speed_is_no_clock),
		cmocka_unit_test(running_backwards_is_no_clock),
		cmocka_unit_test(looks_are_of_one_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
