/* Records of pads; see ring.h. Probe layer. */
#include "tracer/probe/ring/ring.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

static uint64_t sums_offset(uint64_t slots)
{
	return sizeof(struct arch_pad_ring) + slots * sizeof(union ring_slot);
}

uint64_t ring_bytes(uint64_t slots)
{
	const uint64_t page_bytes = ARCH_PAGE_BYTES;
	uint64_t bytes = sums_offset(slots) + RING_SUMS_BYTES;

	return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/* The first segment that may not be written: all of the ring behind what has been fetched is free. */
static uint8_t ring_limit(const struct ring *ring)
{
	return (uint8_t)((ring->fetched + ring->slots) / ARCH_PAD_SEGMENT_RECORDS);
}

struct error *ring_reset(struct ring *ring, const struct address_space *space, int fd,
			 const struct memory_ages *ages)
{
	ring->fetched = 0;
	ring->head = 0;
	ring->count = ring->taken = 0;
	ring_sums_init(&ring->sums, taddr_add(ring->start, sums_offset(ring->slots)));
	const struct arch_pad_ring head = {
		.limit = ring_limit(ring),
		.fd = fd,
		.memory_age = ages->usual,
		.lax_age = ages->lax,
		.mask = ring->slots - 1,
		.sums = ring_sums_active(&ring->sums).value,
	};
	/* What is the engine's own stays as it is. */
	return address_space_write(space, ring->start, &head,
				   offsetof(struct arch_pad_ring, reserved));
}

static struct error *ring_read_slots(const struct ring *ring, const struct address_space *space,
				     uint64_t first, uint64_t count, union ring_slot *ret)
{
	const uint64_t at = sizeof(struct arch_pad_ring) + first * sizeof(*ret);

	return count == 0 ? NULL
			  : address_space_read(space, taddr_add(ring->start, at), ret,
					       count * sizeof(*ret));
}

static struct error *ring_read_new(struct ring *ring, const struct address_space *space,
				   uint64_t count)
{
	if (ring->slots_fetched == NULL)
		ring->slots_fetched = malloc(ring->slots * sizeof(*ring->slots_fetched));
	if (ring->slots_fetched == NULL)
		return error_no_memory();
	uint64_t first = ring->fetched & (ring->slots - 1);
	uint64_t to_end = ring->slots - first < count ? ring->slots - first : count;
	struct error *err = ring_read_slots(ring, space, first, to_end, ring->slots_fetched);
	if (err == NULL)
		err = ring_read_slots(ring, space, 0, count - to_end, ring->slots_fetched + to_end);
	return err;
}

/* So many slots are new, and published from now on. */
static struct error *ring_count_new(struct ring *ring, const struct address_space *space,
				    bool is_still, uint32_t *ret)
{
	struct {
		uint32_t published, head;
	} counts;
	static_assert(offsetof(struct arch_pad_ring, published) == 0 &&
			      offsetof(struct arch_pad_ring, head) == sizeof(uint32_t),
		      "they are read at once");

	struct error *err = address_space_read(space, ring->start, &counts, sizeof(counts));
	if (err != NULL)
		return err;
	ring->head = counts.head;
	*ret = (is_still ? counts.head : counts.published) - (uint32_t)ring->fetched;
	return is_still && counts.head != counts.published
		       ? address_space_write(space, ring->start, &counts.head, sizeof(counts.head))
		       : NULL;
}

struct error *ring_fetch(struct ring *ring, const struct address_space *space, bool is_still)
{
	uint32_t count = 0;

	assert(ring->taken == ring->count);
	struct error *err = ring_count_new(ring, space, is_still, &count);
	if (err != NULL || count == 0)
		return err;
	if (count > ring->slots)
		return error_new(ERR_FORMAT, "what a pad has recorded was written over");
	err = ring_read_new(ring, space, count);
	if (err != NULL)
		return err;
	uint8_t limit_before = ring_limit(ring);
	ring->fetched += count;
	ring->count = count;
	ring->taken = 0;
	uint8_t limit = ring_limit(ring);
	return limit == limit_before
		       ? NULL
		       : address_space_write(
				 space,
				 taddr_add(ring->start, offsetof(struct arch_pad_ring, limit)),
				 &limit, sizeof(limit));
}

/* The record that is next; it is in one of the next two slots. */
static const union ring_slot *next_record(const struct ring *ring)
{
	size_t at = ring->taken;

	/* Pads publish both at once; but the memory is the program's, which may have written to it. */
	if (at + 1 < ring->count && arch_pad_slot_is_memory(&ring->slots_fetched[at].record))
		at++;
	return at < ring->count ? &ring->slots_fetched[at] : NULL;
}

const struct arch_pad_record *ring_next(struct ring *ring,
					const struct arch_pad_memory **ret_memory)
{
	const union ring_slot *next = next_record(ring);

	*ret_memory = NULL;
	if (next == NULL)
		return NULL;
	if (next != &ring->slots_fetched[ring->taken])
		*ret_memory = &next[-1].memory;
	ring->taken = (size_t)(next - ring->slots_fetched) + 1;
	return &next->record;
}

bool ring_next_tsc(const struct ring *ring, uint64_t *ret)
{
	const union ring_slot *next = next_record(ring);

	if (next != NULL)
		*ret = next->record.tsc;
	return next != NULL;
}

struct error *ring_set_memory(const struct ring *ring, const struct address_space *space, int fd,
			      const struct memory_ages *ages)
{
	const taddr_t lax_at = taddr_add(ring->start, offsetof(struct arch_pad_ring, lax_age));
	const taddr_t age_at = taddr_add(ring->start, offsetof(struct arch_pad_ring, memory_age));
	const uint64_t never = UINT64_MAX;

	/* No pad may read with a number that is half the old one: not at all meanwhile. */
	struct error *err = address_space_write(space, age_at, &never, sizeof(never));
	if (err == NULL)
		err = address_space_write(
			space, taddr_add(ring->start, offsetof(struct arch_pad_ring, fd)), &fd,
			sizeof(fd));
	if (err == NULL)
		err = address_space_write(space, lax_at, &ages->lax, sizeof(ages->lax));
	return err != NULL || ages->usual == never
		       ? err
		       : address_space_write(space, age_at, &ages->usual, sizeof(ages->usual));
}

uint64_t ring_used_bytes(const struct ring *ring, uint64_t but_slots)
{
	uint64_t slots = ring->fetched - (ring->count - ring->taken);

	slots -= but_slots < slots ? but_slots : slots;
	slots = slots < ring->slots ? slots : ring->slots;

	return sums_offset(slots) + ring_sums_used_bytes(&ring->sums);
}

void ring_destroy(struct ring *ring)
{
	if (ring == NULL)
		return;
	ring_sums_deinit(&ring->sums);
	free(ring->slots_fetched);
	free(ring);
}
