/*
 * Fuzzes what is fetched of the rings that pads write to: they are the program's memory, and it may write there at any
 * time (libFuzzer, with ASan and UBSan). Built by tests/fuzz/build.sh.
 *
 * wrap: address_space_read address_space_write
 */
#include <stdint.h>
#include <string.h>

#include "tests/fuzz/require.h"
#include "tracer/probe/ring/ring.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
struct error *__wrap_address_space_read(const struct address_space *space, taddr_t from, void *ret,
					size_t bytes);
struct error *__wrap_address_space_write(const struct address_space *space, taddr_t to,
					 const void *from, size_t bytes);

enum { RING_AT = 0x10000, FETCHES_MOST = 64 };

/* What is read next, whatever address it is read at: another thread has just written it. */
static struct {
	const uint8_t *at;
	size_t bytes;
} input;

static uint8_t next_byte(void)
{
	if (input.bytes == 0)
		return 0;
	input.bytes--;
	return *input.at++;
}

struct error *__wrap_address_space_read(const struct address_space *space, taddr_t from, void *ret,
					size_t bytes)
{
	const uint64_t end = RING_AT + ring_bytes(RING_SLOTS_MAX);
	const size_t given = bytes < input.bytes ? bytes : input.bytes;

	(void)space;
	require(from.value >= RING_AT && from.value <= end && bytes <= end - from.value);
	memset(ret, 0, bytes);
	memcpy(ret, input.at, given);
	input.at += given;
	input.bytes -= given;
	return given == 0 && bytes > 64 ? error_new(ERR_GONE, "it has ended") : NULL;
}

struct error *__wrap_address_space_write(const struct address_space *space, taddr_t to,
					 const void *from, size_t bytes)
{
	const uint64_t end = RING_AT + ring_bytes(RING_SLOTS_MAX);

	(void)space;
	(void)from;
	require(to.value >= RING_AT && to.value <= end && bytes <= end - to.value);
	return NULL;
}

static void take_sum(void *context, const struct ring_sum *sum)
{
	size_t *count = context;

	require(sum->number > 0 && sum->number < RING_SUMS);
	++*count;
}

static void take_all(struct ring *ring)
{
	const struct arch_pad_memory *memory;
	const struct arch_pad_record *record;
	uint64_t tsc, first_tsc;
	size_t taken = 0;

	while (ring_next_tsc(ring, &first_tsc)) {
		record = ring_next(ring, &memory);
		require(record != NULL && record->tsc == first_tsc);
		(void)arch_pad_record_id(record);
		(void)arch_pad_record_mark_sp(record);
		(void)arch_pad_record_frame_sp(record);
		(void)ring_sums_number(record->flags & ~7u);
		require(++taken <= RING_SLOTS_MAX);
	}
	require(ring_next(ring, &memory) == NULL && !ring_next_tsc(ring, &tsc));
	require(ring_used_bytes(ring, 0) <= ring_bytes(ring->slots));
}

static void use_ring(struct ring *ring)
{
	const struct memory_ages ages = { 1000, 2000 };
	size_t sums = 0;

	for (int i = 0; i < FETCHES_MOST && input.bytes > 0; i++) {
		const uint8_t what = next_byte();
		struct error *err = NULL;
		switch (what % 5) {
		case 0:
		case 1:
			err = ring_fetch(ring, NULL, what & 8);
			if (err == NULL)
				take_all(ring);
			else
				ring->taken = ring->count; /* no more is fetched of it */
			break;
		case 2:
			err = ring_sums_set_limit(&ring->sums, NULL, 1 + what / 5 % 8, what);
			break;
		case 3:
			err = ring_sums_take(&ring->sums, NULL, ring->start, what & 8, take_sum,
					     &sums);
			break;
		default:
			err = ring_set_memory(ring, NULL, what & 8 ? 7 : -1, &ages);
		}
		error_free(err);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const uint64_t slots[] = { RING_SLOTS_MIN, 2 * RING_SLOTS_MIN, RING_SLOTS_MAX };
	const struct memory_ages ages = { 1000, 2000 };

	input.at = data;
	input.bytes = bytes;
	struct ring *ring = calloc(1, sizeof(*ring));
	require(ring != NULL);
	ring->start = taddr(RING_AT);
	ring->slots = slots[next_byte() % 3];
	require_none(ring_reset(ring, NULL, -1, &ages));
	use_ring(ring);
	ring_destroy(ring);
	return 0;
}
