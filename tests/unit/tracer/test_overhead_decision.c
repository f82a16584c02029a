/* Unit tests of which probes cost too much: times in, a decision out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/loop/overhead/overhead_decision.h"

static const int64_t MS = 1000000;

enum { EXPENSIVE, MIDDLING, CHEAP, ITEMS };

/* By owner, which is the index it had. */
static enum overhead_verdict verdict_of(const struct overhead_item *items, size_t owner)
{
	for (size_t i = 0; i < ITEMS; i++) {
		if ((uintptr_t)items[i].owner == owner)
			return items[i].verdict;
	}
	fail_msg("item %zu is lost", owner);
	return OVERHEAD_STAYS;
}

static double decide(struct overhead_item ret[ITEMS], double other_share, double budget)
{
	const struct overhead_item items[ITEMS] = {
		{ .owner = (void *)(uintptr_t)CHEAP, .share = 0.01 },
		{ .owner = (void *)(uintptr_t)EXPENSIVE,
		  .share = 0.5,
		  .may_sum = ret[EXPENSIVE].may_sum },
		{ .owner = (void *)(uintptr_t)MIDDLING, .share = 0.1 },
	};

	for (size_t i = 0; i < ITEMS; i++)
		ret[i] = items[i];
	return overhead_decide(ret, ITEMS, other_share, budget);
}

static void test_within_budget(void **state)
{
	(void)state;
	struct overhead_item items[ITEMS] = { 0 };

	assert_float_equal(decide(items, 0.02, 0.63), 0.63, 1e-9);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(verdict_of(items, i), OVERHEAD_STAYS);
	assert_float_equal(overhead_decide(NULL, 0, 0.2, 0.1), 0.2, 1e-9);
}

static void test_most_expensive_first(void **state)
{
	(void)state;
	struct overhead_item items[ITEMS] = { 0 };

	assert_float_equal(decide(items, 0.02, 0.14), 0.13, 1e-9);
	assert_int_equal(verdict_of(items, EXPENSIVE), OVERHEAD_DROP);
	assert_int_equal(verdict_of(items, MIDDLING), OVERHEAD_STAYS);
	assert_int_equal(verdict_of(items, CHEAP), OVERHEAD_STAYS);

	assert_float_equal(decide(items, 0.02, 0.05), 0.03, 1e-9);
	assert_int_equal(verdict_of(items, EXPENSIVE), OVERHEAD_DROP);
	assert_int_equal(verdict_of(items, MIDDLING), OVERHEAD_DROP);
	assert_int_equal(verdict_of(items, CHEAP), OVERHEAD_STAYS);
}

static void test_summed_up_if_possible(void **state)
{
	(void)state;
	struct overhead_item items[ITEMS] = { [EXPENSIVE] = { .may_sum = true } };

	decide(items, 0, 0.05);
	assert_int_equal(verdict_of(items, EXPENSIVE), OVERHEAD_SUM_UP);
	assert_int_equal(verdict_of(items, MIDDLING), OVERHEAD_DROP);
}

/* What is no probe's may be too much by itself: all go but those whose part is next to nothing. */
static void test_not_kept(void **state)
{
	(void)state;
	struct overhead_item items[ITEMS] = { 0 };

	assert_float_equal(decide(items, 3, 0.05), 3, 1e-9);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(verdict_of(items, i), OVERHEAD_DROP);

	assert_float_equal(decide(items, 3, 2), 3.01, 1e-9);
	assert_int_equal(verdict_of(items, MIDDLING), OVERHEAD_DROP);
	assert_int_equal(verdict_of(items, CHEAP), OVERHEAD_STAYS);
}

static void test_own_time(void **state)
{
	(void)state;
	struct overhead_times times = {
		.wall_ns = 600 * MS,
		.cpu_ns = 500 * MS,
		.stops_cpu_ns = 100 * MS,
		.pads_ns = 50 * MS,
	};

	assert_int_equal(overhead_own_ns(&times), 350 * MS);
	/* Measured with errors: it is never none. */
	times.stops_cpu_ns = 480 * MS;
	assert_int_equal(overhead_own_ns(&times), 5 * MS);
	assert_int_equal(overhead_own_ns(&(struct overhead_times){ .wall_ns = 1 }), 1);
}

static void test_windows(void **state)
{
	(void)state;
	struct overhead_times times = { .wall_ns = 499 * MS, .cpu_ns = 499 * MS };

	assert_false(overhead_window_is_over(&times));
	times.wall_ns = 501 * MS;
	assert_true(overhead_window_is_over(&times));
	/* It slept, mostly: too little is known, until it has run for a while, … */
	times.wall_ns = 30000 * MS;
	times.cpu_ns = 20 * MS;
	assert_false(overhead_window_is_over(&times));
	times.cpu_ns = 120 * MS;
	assert_true(overhead_window_is_over(&times));
	/* … or has been kept from it by us. */
	times.cpu_ns = 20 * MS;
	times.cost_ns = 90 * MS;
	assert_true(overhead_window_is_over(&times));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_within_budget),
		cmocka_unit_test(test_most_expensive_first),
		cmocka_unit_test(test_summed_up_if_possible),
		cmocka_unit_test(test_not_kept),
		cmocka_unit_test(test_own_time),
		cmocka_unit_test(test_windows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
