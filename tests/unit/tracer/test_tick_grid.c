/* Unit tests of the grid of samples: what is late, missed, left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/sample/tick_grid.h"

static void test_lateness(void **state)
{
	(void)state;
	struct tick_grid grid = { .start_ns = 1000, .interval_ns = 100 };

	assert_true(tick_grid_pass(&grid, 1, 1103));
	assert_true(tick_grid_pass(&grid, 1, 1201));
	assert_true(tick_grid_pass(&grid, 3, 1590)); /* those of 1300 and 1400 are lost */
	assert_true(tick_grid_pass(&grid, 1, 1599)); /* the timer's start lies before ours */
	assert_int_equal(grid.passed, 6);
	assert_int_equal(grid.taken, 4);
	assert_int_equal(grid.missed, 2);
	assert_int_equal(grid.skipped, 0);
	assert_int_equal(grid.late_total_ns, 3 + 1 + 90 + 0);
	assert_int_equal(grid.late_longest_ns, 90);
}

/* Reading takes 110 of 100: then one sample in five points, and 22 % of the time. */
static void test_stretch(void **state)
{
	(void)state;
	struct tick_grid grid = { .interval_ns = 100 };

	assert_true(tick_grid_pass(&grid, 1, 100));
	tick_grid_spend(&grid, 110);
	assert_int_equal(grid.to_skip, 0); /* once is nothing */
	assert_true(tick_grid_pass(&grid, 2, 210));
	tick_grid_spend(&grid, 110);
	assert_int_equal(grid.to_skip, 4);
	assert_int_equal(grid.stretches, 1);
	assert_false(tick_grid_pass(&grid, 1, 310));
	assert_false(tick_grid_pass(&grid, 2, 510));
	assert_false(tick_grid_pass(&grid, 1, 600));
	assert_true(tick_grid_pass(&grid, 1, 700));
	tick_grid_spend(&grid, 20);
	assert_int_equal(grid.to_skip, 0);
	assert_int_equal(grid.stretches, 0);
	assert_int_equal(grid.taken, 3);
	assert_int_equal(grid.missed, 1);
	assert_int_equal(grid.skipped, 4);
	assert_int_equal(grid.passed, 8);
}

/* More points pass at once than were to be left out. */
static void test_stretch_is_overrun(void **state)
{
	(void)state;
	struct tick_grid grid = { .interval_ns = 100, .to_skip = 2 };

	assert_true(tick_grid_pass(&grid, 5, 510));
	assert_int_equal(grid.skipped, 2);
	assert_int_equal(grid.missed, 2);
	assert_int_equal(grid.taken, 1);
	assert_int_equal(grid.to_skip, 0);
	assert_int_equal(grid.late_longest_ns, 10);
}

/* Exactly the share is no reason. */
static void test_share(void **state)
{
	(void)state;
	struct tick_grid grid = { .interval_ns = 1000 };

	for (int i = 0; i < 3; i++)
		tick_grid_spend(&grid, 1000 / TICK_SHARE);
	assert_int_equal(grid.to_skip, 0);
	tick_grid_spend(&grid, 1000 / TICK_SHARE + 1);
	tick_grid_spend(&grid, 1000 / TICK_SHARE + 1);
	assert_int_equal(grid.to_skip, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lateness),
		cmocka_unit_test(test_stretch),
		cmocka_unit_test(test_stretch_is_overrun),
		cmocka_unit_test(test_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
