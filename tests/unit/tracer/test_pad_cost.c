/* Unit tests of what passing pads costs on this machine: they run for real. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/arch/pad.h"

static void test_measured(void **state)
{
	(void)state;
	struct arch_pad_costs costs;

	/* It checks itself that each call was recorded, or summed up. */
	assert_null(arch_pad_measure(&costs));
	assert_true(costs.record_ns > 0);
	assert_true(costs.sum_ns > 0);
	/* Some stores and a reading of the clock, in the best of many trials: no system call is in it. */
	assert_true(costs.record_ns < 100000);
	assert_true(costs.sum_ns < 200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_measured) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
