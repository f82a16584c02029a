/* Unit tests of the sums of a ring, which lie in this very process, as the engine sees those of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/probe/ring/ring_sums.h"

struct world {
	struct address_space *space;
	struct arch_pad_ring ring; /* of which the pads' bank is asked for alone */
	struct arch_pad_sum banks[RING_BANKS][RING_SUMS];
	struct ring_sums sums;
	/* What was taken. */
	unsigned taken;
	struct ring_sum last;
};

static int make_world(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_null(address_space_open(getpid(), &world->space));
	ring_sums_init(&world->sums, taddr((uintptr_t)world->banks));
	world->ring.sums = ring_sums_active(&world->sums).value;
	*state = world;
	return 0;
}

static int end_world(void **state)
{
	struct world *world = *state;

	address_space_close(world->space);
	ring_sums_deinit(&world->sums);
	free(world);
	return 0;
}

/* As a pad does it: false, the call is too long. */
static bool sum_up(const struct world *world, uint32_t number, uint64_t ticks)
{
	struct arch_pad_sum *sum =
		(struct arch_pad_sum *)(uintptr_t)(world->ring.sums + ring_sums_word(number));

	if (ticks >= sum->limit)
		return false;
	sum->ticks += ticks;
	sum->count++;
	sum->longest = ticks > sum->longest ? ticks : sum->longest;
	sum->shortest = ticks < sum->shortest ? ticks : sum->shortest;
	return true;
}

static void note(void *context, const struct ring_sum *sum)
{
	struct world *world = context;

	world->taken++;
	world->last = *sum;
}

static void take(struct world *world, bool is_last)
{
	world->taken = 0;
	assert_null(ring_sums_take(&world->sums, world->space, taddr((uintptr_t)&world->ring),
				   is_last, note, world));
}

static void expect(const struct world *world, uint64_t count, uint64_t ticks, uint64_t shortest,
		   uint64_t longest)
{
	assert_int_equal(world->taken, 1);
	assert_int_equal(world->last.count, count);
	assert_int_equal(world->last.ticks, ticks);
	assert_int_equal(world->last.shortest, shortest);
	assert_int_equal(world->last.longest, longest);
}

static void test_words(void **state)
{
	(void)state;
	assert_int_equal(ring_sums_word(0), 0);
	assert_int_equal(ring_sums_number(ring_sums_word(7)), 7);
	assert_int_equal(ring_sums_number(ring_sums_word(7) + 4), 0);
	assert_int_equal(ring_sums_number(ring_sums_word(RING_SUMS)), 0);
	assert_int_equal(ring_sums_word(1) & ARCH_PAD_HAS_MEMORY, 0);
}

static void test_nothing_is_summed_up_at_first(void **state)
{
	struct world *world = *state;
	assert_false(sum_up(world, 3, 0));
	take(world, false);
	take(world, true);
	assert_int_equal(world->taken, 0);
	assert_int_equal(ring_sums_used_bytes(&world->sums), 0);
}

static void test_banks_take_turns(void **state)
{
	struct world *world = *state;
	assert_null(ring_sums_set_limit(&world->sums, world->space, 3, 100));
	assert_int_equal(ring_sums_limit(&world->sums, 3), 100);
	assert_int_equal(ring_sums_limit(&world->sums, 2), 0);
	assert_true(sum_up(world, 3, 50));
	assert_true(sum_up(world, 3, 20));
	assert_false(sum_up(world, 3, 100));
	assert_false(sum_up(world, 2, 0));
	take(world, false); /* pads change over; what they had is looked at next time */
	assert_int_equal(world->taken, 0);
	assert_true(sum_up(world, 3, 70));
	take(world, false);
	expect(world, 2, 70, 20, 50);
	assert_int_equal(world->last.number, 3);
	/* A thread that was late writes to the bank that is being looked at next. */
	take(world, false);
	expect(world, 1, 70, 70, 70);
	assert_true(sum_up(world, 3, 30));
	take(world, true);
	expect(world, 1, 30, 30, 30);
	take(world, true);
	assert_int_equal(world->taken, 0);
}

/* Between adding a call and noting its extremes, there are none yet. */
static void test_thread_in_between(void **state)
{
	struct world *world = *state;
	assert_null(ring_sums_set_limit(&world->sums, world->space, 1, 100));
	world->banks[0][1].ticks += 60;
	take(world, true);
	assert_int_equal(world->taken, 0);
	world->banks[0][1].count++;
	take(world, true);
	expect(world, 1, 60, 60, 60);
}

/* The next thread that gets the ring goes on counting where the last one stopped. */
static void test_ring_has_another_thread(void **state)
{
	struct world *world = *state;
	assert_null(ring_sums_set_limit(&world->sums, world->space, 1, 100));
	assert_true(sum_up(world, 1, 5));
	take(world, true);
	expect(world, 1, 5, 5, 5);
	ring_sums_init(&world->sums, taddr((uintptr_t)world->banks));
	assert_true(sum_up(world, 1, 6));
	take(world, true);
	expect(world, 1, 6, 6, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test_setup_teardown(test_nothing_is_summed_up_at_first, make_world,
						end_world),
		cmocka_unit_test_setup_teardown(test_banks_take_turns, make_world, end_world),
		cmocka_unit_test_setup_teardown(test_thread_in_between, make_world, end_world),
		cmocka_unit_test_setup_teardown(test_ring_has_another_thread, make_world,
						end_world),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
