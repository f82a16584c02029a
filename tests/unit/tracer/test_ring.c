/* Unit tests of fetching a ring, which lies in this very process, as the engine does from another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/probe/ring/ring.h"

enum { SLOTS = RING_SLOTS_MIN };

/* What pads would write to. */
struct world {
	struct address_space *space;
	struct arch_pad_ring *head;
	struct arch_pad_record *slots;
	struct ring ring;
};

static int make_world(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_null(address_space_open(getpid(), &world->space));
	world->head = calloc(1, ring_bytes(SLOTS));
	world->slots = (struct arch_pad_record *)((char *)world->head + sizeof(*world->head));
	world->ring.start = taddr((uintptr_t)world->head);
	world->ring.slots = SLOTS;
	assert_null(ring_reset(&world->ring, world->space, 7, &(struct memory_ages){ 1000, 2000 }));
	*state = world;
	return 0;
}

static int end_world(void **state)
{
	struct world *world = *state;

	address_space_close(world->space);
	free(world->ring.slots_fetched);
	ring_sums_deinit(&world->ring.sums);
	free(world->head);
	free(world);
	return 0;
}

/* As a pad does it: false, the ring is full. */
static bool record(struct world *world, uint64_t tsc, const char *memory)
{
	struct arch_pad_ring *head = world->head;
	const uint64_t mask = head->mask;

	if ((uint8_t)((head->head + 1) / ARCH_PAD_SEGMENT_RECORDS) == head->limit)
		return false;
	if (memory != NULL) {
		struct arch_pad_memory slot = { .length = (int32_t)strlen(memory),
						.mark = ARCH_PAD_MEMORY_MARK };
		memcpy(slot.text, memory, strlen(memory));
		memcpy(&world->slots[head->head & mask], &slot, sizeof(slot));
	}
	const uint64_t at = head->head + (memory != NULL);
	world->slots[at & mask] = (struct arch_pad_record){
		.tsc = tsc, .sp = 2 * tsc, .flags = memory != NULL ? ARCH_PAD_HAS_MEMORY : 0
	};
	head->published = head->head = (uint32_t)at + 1;
	return true;
}

static void expect(struct world *world, uint64_t tsc, const char *memory)
{
	const struct arch_pad_memory *found;
	uint64_t next;

	assert_true(ring_next_tsc(&world->ring, &next));
	assert_int_equal(next, tsc);
	const struct arch_pad_record *record = ring_next(&world->ring, &found);
	assert_non_null(record);
	assert_int_equal(record->tsc, tsc);
	assert_int_equal(record->sp, 2 * tsc);
	assert_int_equal(found != NULL, memory != NULL);
	if (memory != NULL)
		assert_memory_equal(found->text, memory, strlen(memory));
}

static void expect_nothing(struct world *world)
{
	const struct arch_pad_memory *memory;
	uint64_t tsc;

	assert_false(ring_next_tsc(&world->ring, &tsc));
	assert_null(ring_next(&world->ring, &memory));
}

static void test_records_come_in_their_order(void **state)
{
	struct world *world = *state;
	assert_null(ring_fetch(&world->ring, world->space, false));
	expect_nothing(world);
	assert_true(record(world, 1, NULL));
	assert_true(record(world, 2, "100 20 3"));
	assert_true(record(world, 3, NULL));
	assert_null(ring_fetch(&world->ring, world->space, false));
	assert_true(record(world, 4, NULL)); /* not fetched yet */
	expect(world, 1, NULL);
	expect(world, 2, "100 20 3");
	expect(world, 3, NULL);
	expect_nothing(world);
	assert_null(ring_fetch(&world->ring, world->space, false));
	expect(world, 4, NULL);
	expect_nothing(world);
}

static void test_full_ring_goes_on_after_a_fetch(void **state)
{
	struct world *world = *state;
	uint64_t written = 0, read = 0;
	/* Each third has memory: two slots lie across the end of the ring now and then. */
	for (int round = 0; round < 50; round++) {
		while (record(world, written + 1, written % 3 == 0 ? "1 2 3" : NULL))
			written++;
		assert_true(written - read > SLOTS / 2);
		assert_null(ring_fetch(&world->ring, world->space, false));
		for (; read < written; read++)
			expect(world, read + 1, read % 3 == 0 ? "1 2 3" : NULL);
		expect_nothing(world);
	}
	assert_true(ring_used_bytes(&world->ring, 0) > SLOTS * sizeof(struct arch_pad_record));
}

static void test_head_that_no_pad_has_written(void **state)
{
	struct world *world = *state;
	world->head->published = SLOTS + 1;
	struct error *err = ring_fetch(&world->ring, world->space, false);
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_FORMAT);
	error_free(err);
	expect_nothing(world);
}

/* What a pad has kept back is there only when its thread is stopped; then it is published. */
static void test_what_is_kept_back(void **state)
{
	struct world *world = *state;
	assert_true(record(world, 1, NULL));
	assert_true(record(world, 2, NULL));
	world->head->published = 1;
	assert_null(ring_fetch(&world->ring, world->space, false));
	expect(world, 1, NULL);
	expect_nothing(world);
	assert_null(ring_fetch(&world->ring, world->space, true));
	expect(world, 2, NULL);
	expect_nothing(world);
	assert_int_equal(world->head->published, 2);
	/* Their numbers begin anew after 2^32. */
	world->ring.fetched = UINT64_C(0x2ffffffff);
	world->head->published = world->head->head = UINT32_MAX;
	world->slots[(SLOTS - 1)] = (struct arch_pad_record){ .tsc = 4, .sp = 8 };
	world->slots[0] = (struct arch_pad_record){ .tsc = 5, .sp = 10 };
	world->head->published = world->head->head = 1;
	assert_null(ring_fetch(&world->ring, world->space, false));
	expect(world, 4, NULL);
	expect(world, 5, NULL);
	assert_int_equal(world->ring.fetched, UINT64_C(0x300000001));
}

static void test_memory_is_read_with_the_new_descriptor_alone(void **state)
{
	struct world *world = *state;
	assert_int_equal(world->head->fd, 7);
	assert_int_equal(world->head->memory_age, 1000);
	assert_int_equal(world->head->lax_age, 2000);
	assert_null(ring_set_memory(&world->ring, world->space, -1,
				    &(struct memory_ages){ .usual = UINT64_MAX }));
	assert_int_equal(world->head->fd, -1);
	assert_true(world->head->memory_age == UINT64_MAX);
	assert_null(ring_set_memory(&world->ring, world->space, 9, &(struct memory_ages){ 5, 6 }));
	assert_int_equal(world->head->fd, 9);
	assert_int_equal(world->head->memory_age, 5);
	assert_int_equal(world->head->lax_age, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_records_come_in_their_order, make_world,
						end_world),
		cmocka_unit_test_setup_teardown(test_full_ring_goes_on_after_a_fetch, make_world,
						end_world),
		cmocka_unit_test_setup_teardown(test_head_that_no_pad_has_written, make_world,
						end_world),
		cmocka_unit_test_setup_teardown(test_what_is_kept_back, make_world, end_world),
		cmocka_unit_test_setup_teardown(test_memory_is_read_with_the_new_descriptor_alone,
						make_world, end_world),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
