/* Unit tests of plot/model/axis: a clock's ticks, and times counted from a chosen moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "plot/model/axis.h"

static const int64_t SECOND_NS = 1000000000;

/* 2026-11-22 23:59:50 UTC. */
static const int64_t NEARLY_MIDNIGHT_NS = 1795391990 * (int64_t)1000000000;

static int set_zone(void **state)
{
	(void)state;
	/* As POSIX has it: an hour and a half east of Greenwich. */
	setenv("TZ", "XYZ-1:30", 1);
	tzset();
	return 0;
}

/* "first … last, step" of an axis's labels. */
static void assert_labels(const struct axis *axis, const char *expected)
{
	char text[512] = "";

	for (size_t i = 0; i < axis->tick_count; i++) {
		char label[AXIS_LABEL_BYTES];
		axis_tick_label(axis, i, label);
		size_t length = strlen(text);
		snprintf(text + length, sizeof(text) - length, "%s%s", i > 0 ? " " : "", label);
	}
	assert_string_equal(text, expected);
}

/* Times are local, ticks at round ones; where a day begins stands its date. */
static void test_clock(void **state)
{
	(void)state;
	struct axis axis;
	char text[AXIS_LABEL_BYTES];

	axis_init_clock(&axis, 0, 20 * 1e9, NEARLY_MIDNIGHT_NS, 4);
	assert_labels(&axis, "01:29:50 01:29:55 01:30:00 01:30:05 01:30:10");
	assert_string_equal(axis.zone, "XYZ");
	axis_format_time(&axis, 10 * SECOND_NS, text);
	assert_string_equal(text, "01:30:00.0");
	axis_format_moment(&axis, 10 * SECOND_NS + 1500000, text);
	assert_string_equal(text, "01:30:00.002");
	axis_format_days(&axis, text);
	assert_string_equal(text, "2026-11-23");

	/* From 21:59:50 on, over midnight. */
	axis_init_clock(&axis, 0, 4 * 3600e9, NEARLY_MIDNIGHT_NS - 12600 * SECOND_NS, 4);
	assert_labels(&axis, "22:00 23:00 11-23 01:00");
	axis_format_days(&axis, text);
	assert_string_equal(text, "2026-11-22 to 2026-11-23");

	axis_init_clock(&axis, 0, 5 * 86400e9, NEARLY_MIDNIGHT_NS, 5);
	assert_labels(&axis, "11-24 11-25 11-26 11-27 11-28");
	axis_format_time(&axis, 86400 * SECOND_NS, text);
	assert_string_equal(text, "11-24 01:29");
}

/* Less than a second of a clock, and of a window long after the start. */
static void test_fine_clock(void **state)
{
	(void)state;
	struct axis axis;

	axis_init_clock(&axis, 10 * 1e9, 10 * 1e9 + 4e6, NEARLY_MIDNIGHT_NS, 4);
	assert_labels(&axis, "01:30:00.000 01:30:00.001 01:30:00.002 01:30:00.003 01:30:00.004");
	axis_init_clock(&axis, 0, 0, NEARLY_MIDNIGHT_NS, 4);
	assert_true(axis.max > axis.min && axis.tick_count > 0);
	/* A time before there were clocks. */
	axis_init_clock(&axis, 0, 2e9, -5 * SECOND_NS, 2);
	assert_labels(&axis, "01:29:55 01:29:56 01:29:57");
}

/* Ticks are at round times from where it is called 0, also before it. */
static void test_origin(void **state)
{
	(void)state;
	struct axis axis;
	char text[AXIS_LABEL_BYTES];

	axis_init_time(&axis, 0, 10e9, 5, false);
	axis_set_origin(&axis, 3.7e9, 5);
	assert_labels(&axis, "-2 0 2 4 6");
	assert_true(axis_tick(&axis, 1) == 3.7);
	axis_format_time(&axis, 1700 * SECOND_NS / 1000, text);
	assert_string_equal(text, "-2.00 s");
	axis_format_moment(&axis, 4 * SECOND_NS, text);
	assert_string_equal(text, "0.3 s");
	/* Labels that have no room go, but 0 stays. */
	assert_true(axis_tick_has_label(&axis, 1, 0.4));
	assert_false(axis_tick_has_label(&axis, 0, 0.4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_fine_clock),
		cmocka_unit_test(test_origin),
	};
	return cmocka_run_group_tests_name("plot_axis", tests, set_zone, NULL);
}
