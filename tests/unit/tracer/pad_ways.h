/* For unit tests of jump pads: the ways through one. */
#ifndef TESTS_UNIT_TRACER_PAD_WAYS_H
#define TESTS_UNIT_TRACER_PAD_WAYS_H

#include "tests/unit/tracer/pad_world.h"

enum way {
	WAY_FAST,
	WAY_FOUND_LATE,	    /* thread and return address lie behind their places in the tables */
	WAY_MEMORY,	    /* memory is read */
	WAY_NO_THREAD,	    /* the pad traps */
	WAY_UNKNOWN_RETURN, /* an entry pad traps; a mark pad, for an object that is not known */
	WAY_FULL,	    /* the pad traps */
	WAY_ABANDONED,	    /* nobody would serve the trap */
	WAY_OTHER_CALL,	    /* a mark pad has nothing to say */
	WAY_MEMORY_AT_END,  /* as WAY_MEMORY; a mark that begins nothing */
	WAY_LAX,	    /* memory would be read, but that the pad is lax */
	WAY_WORD,	 /* an entry is kept back; a return sums its call up, a mark publishes it */
	WAY_OTHER_FRAME, /* what was kept back is another call's: likewise the next two */
	WAY_OTHER_CALLER,
	WAY_OTHER_FUNCTION,
	WAY_LONG, /* the call has lasted too long to be summed up */
	WAY_COUNT,
};

enum { WAY_NUMBER = 2, WAY_WORD_VALUE = WAY_NUMBER * sizeof(struct arch_pad_sum) };

static inline struct arch_pad_sum *way_sum(const struct pad_world *world)
{
	return &world->sums[WAY_NUMBER];
}

/* Slots that are written before the pad runs. */
static inline uint32_t way_head(enum arch_pad_kind kind, enum way way)
{
	return arch_pad_records_as(kind) != ARCH_PAD_ENTRY && way >= WAY_WORD ? 1 : 0;
}

/* An entry of the call that returns to the site was kept back; or it looks much like that. */
static inline void way_keep_back(const struct pad_world *world, enum way way)
{
	const uint64_t sp =
		(uintptr_t)machine_stack + sizeof(machine_stack) - MACHINE_ABOVE_BYTES - 8;
	const uint64_t site = (uintptr_t)world->area;

	world->ring->published = 0;
	world->slots[0] = (struct arch_pad_record){
		.tsc = arch_tsc(),
		.sp = way == WAY_OTHER_FRAME ? sp - 16 : sp,
		.flags = way == WAY_OTHER_FUNCTION ? WAY_WORD_VALUE / 2 : WAY_WORD_VALUE,
		.return_address = way == WAY_OTHER_CALLER ? site + 1 : site,
	};
	*way_sum(world) = (struct arch_pad_sum){
		.shortest = UINT64_MAX,
		.limit = way == WAY_LONG ? 1 : UINT64_MAX,
	};
}

/* As it was before the pad ran. */
static inline void way_reset(const struct pad_world *world, enum arch_pad_kind kind, enum way way)
{
	pad_world_set_head(world, way_head(kind, way));
	world->ring->memory_tsc = 0;
	if (way_head(kind, way) > 0)
		way_keep_back(world, way);
}

static inline void way_init(struct pad_world *world, enum arch_pad_kind kind, enum way way)
{
	pad_world_init(world, kind);
	struct arch_pad_thread *thread =
		&world->data->threads[arch_pad_thread_index(pad_world_key())];
	uint64_t *known = pad_world_known_entry(world);

	if (way >= WAY_WORD)
		pad_world_set_word(world, WAY_WORD_VALUE);
	switch (way) {
	case WAY_FOUND_LATE:
		thread[3] = *thread;
		thread->key = 4096;
		known[3] = *known;
		known[0] = 4096;
		break;
	case WAY_OTHER_CALL:
		world->word_count = 3;
		break;
	case WAY_MEMORY_AT_END:
		pad_world_object[ARCH_PAD_MARK_SAYS_OFFSET] = 'R';
		world->ring->memory_age = 0;
		break;
	case WAY_MEMORY:
		world->ring->memory_age = 0;
		break;
	case WAY_LAX:
		world->area[PAD_WORLD_PAD_OFFSET + ARCH_PAD_LAX_OFFSET] = 1;
		world->ring->memory_age = 0;
		world->ring->lax_age = UINT64_MAX;
		break;
	case WAY_ABANDONED:
		world->data->is_abandoned = 1;
		thread->ring = 0;
		break;
	case WAY_NO_THREAD:
		thread->key = 0;
		break;
	case WAY_UNKNOWN_RETURN:
		known[0] = 4096;
		break;
	case WAY_FULL:
		world->ring->limit = 0;
		break;
	default:
		break;
	}
}

/* Whether the pad records then, if nobody takes the thread out. */
static inline bool way_records(enum arch_pad_kind kind, enum way way)
{
	return way == WAY_FAST || way == WAY_FOUND_LATE || way == WAY_MEMORY ||
	       way == WAY_MEMORY_AT_END || way == WAY_LAX || way >= WAY_WORD ||
	       (way == WAY_UNKNOWN_RETURN && arch_pad_records_as(kind) != ARCH_PAD_ENTRY &&
		kind != ARCH_PAD_MARK) ||
	       (way == WAY_OTHER_CALL && kind != ARCH_PAD_MARK);
}

/* Whether it neither records nor traps. */
static inline bool way_drops(enum arch_pad_kind kind, enum way way)
{
	return way == WAY_ABANDONED || (way == WAY_OTHER_CALL && kind == ARCH_PAD_MARK);
}

/*
 * Whether the pad has recorded, with what it owes; the test fails where that is done wrongly. In the middle of a pad, the
 * record may be written, and not be published, at no place.
 */
static inline bool way_has_recorded(const struct pad_world *world, enum arch_pad_kind kind,
				    enum way way, const struct arch_pad_owed *owed)
{
	const uint32_t before = way_head(kind, way), head = world->ring->head;
	struct arch_pad_sum sum = *way_sum(world);
	const bool is_summed =
		arch_pad_records_as(kind) == ARCH_PAD_RETURN && before > 0 && head == 0;
	const bool is_kept_back = arch_pad_records_as(kind) == ARCH_PAD_ENTRY && way >= WAY_WORD;

	if (owed->sum.value != 0) {
		assert_ptr_equal((void *)(uintptr_t)owed->sum.value, way_sum(world));
		arch_pad_pay(owed, &sum);
	}
	assert_int_equal(sum.count, is_summed);
	if (is_summed) {
		assert_int_equal(way, WAY_WORD);
		assert_true(sum.ticks > 0);
		assert_int_equal(world->ring->published, 0);
		return true;
	}
	assert_int_equal(world->ring->published,
			 is_kept_back || (before > 0 && head == before) ? 0 : head);
	return head != before;
}

#endif
