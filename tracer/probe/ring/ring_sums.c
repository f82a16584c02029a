/* Calls that pads have summed up; see ring_sums.h. Probe layer. */
#include "tracer/probe/ring/ring_sums.h"

#include <stdlib.h>

enum { SUM_BYTES = sizeof(struct arch_pad_sum) };

void ring_sums_init(struct ring_sums *sums, taddr_t start)
{
	if (!taddr_equal(sums->start, start))
		*sums = (struct ring_sums){ .start = start };
}

void ring_sums_deinit(struct ring_sums *sums)
{
	free(sums->seen);
	*sums = (struct ring_sums){ .used = 0 };
}

static taddr_t sum_at(const struct ring_sums *sums, unsigned bank, size_t number)
{
	return taddr_add(sums->start, (bank * RING_SUMS + number) * (uint64_t)SUM_BYTES);
}

taddr_t ring_sums_active(const struct ring_sums *sums)
{
	return sum_at(sums, sums->active, 0);
}

uint32_t ring_sums_word(uint32_t number)
{
	return number * SUM_BYTES;
}

uint32_t ring_sums_number(uint32_t word)
{
	uint32_t number = word / SUM_BYTES;

	return word % SUM_BYTES == 0 && number < RING_SUMS ? number : 0;
}

static struct arch_pad_sum *seen_sum(const struct ring_sums *sums, unsigned bank, size_t number)
{
	return &sums->seen[bank * RING_SUMS + number];
}

/* No call is shorter than the shortest yet. */
static struct error *set_extremes_back(const struct ring_sums *sums,
				       const struct address_space *space, unsigned bank,
				       size_t number)
{
	static const struct arch_pad_sum none = { .shortest = UINT64_MAX };

	return address_space_write(
		space,
		taddr_add(sum_at(sums, bank, number), offsetof(struct arch_pad_sum, shortest)),
		&none.shortest, sizeof(none.shortest) + sizeof(none.longest));
}

/* All up to @number can be used then. */
static struct error *grow(struct ring_sums *sums, const struct address_space *space,
			  uint32_t number)
{
	struct error *err = NULL;

	if (sums->seen == NULL)
		sums->seen = calloc(RING_BANKS * RING_SUMS, SUM_BYTES);
	if (sums->seen == NULL)
		return error_no_memory();
	for (; err == NULL && sums->used <= number; sums->used++) {
		for (unsigned bank = 0; err == NULL && bank < RING_BANKS; bank++)
			err = set_extremes_back(sums, space, bank, sums->used);
	}
	return err;
}

struct error *ring_sums_set_limit(struct ring_sums *sums, const struct address_space *space,
				  uint32_t number, uint64_t limit)
{
	struct error *err = grow(sums, space, number);

	for (unsigned bank = 0; err == NULL && bank < RING_BANKS; bank++) {
		seen_sum(sums, bank, number)->limit = limit;
		err = address_space_write(
			space,
			taddr_add(sum_at(sums, bank, number), offsetof(struct arch_pad_sum, limit)),
			&limit, sizeof(limit));
	}
	return err;
}

uint64_t ring_sums_limit(const struct ring_sums *sums, uint32_t number)
{
	return number < sums->used ? seen_sum(sums, 0, number)->limit : 0;
}

/* @now is what sum @number of @bank is: what has been added since it was seen. */
static struct error *take_sum(const struct ring_sums *sums, const struct address_space *space,
			      unsigned bank, uint32_t number, const struct arch_pad_sum *now,
			      void (*take)(void *context, const struct ring_sum *sum),
			      void *context)
{
	struct arch_pad_sum *seen = seen_sum(sums, bank, number);
	struct ring_sum added = { number, now->count - seen->count, now->ticks - seen->ticks,
				  now->shortest, now->longest };

	if (added.count == 0)
		return NULL;
	/* Its thread stands between adding the call and noting its extremes. */
	if (added.shortest > added.longest)
		added.shortest = added.longest = added.ticks / added.count;
	seen->count = now->count;
	seen->ticks = now->ticks;
	take(context, &added);
	return set_extremes_back(sums, space, bank, number);
}

static struct error *take_bank(const struct ring_sums *sums, const struct address_space *space,
			       unsigned bank,
			       void (*take)(void *context, const struct ring_sum *sum),
			       void *context)
{
	struct arch_pad_sum now[RING_SUMS];

	struct error *err =
		address_space_read(space, sum_at(sums, bank, 0), now, sums->used * SUM_BYTES);
	for (uint32_t number = 1; err == NULL && number < sums->used; number++)
		err = take_sum(sums, space, bank, number, &now[number], take, context);
	return err;
}

struct error *ring_sums_take(struct ring_sums *sums, const struct address_space *space,
			     taddr_t ring, bool is_last,
			     void (*take)(void *context, const struct ring_sum *sum), void *context)
{
	const unsigned idle = !sums->active;

	if (sums->used == 0)
		return NULL;
	struct error *err = take_bank(sums, space, idle, take, context);
	if (err == NULL && is_last)
		return take_bank(sums, space, sums->active, take, context);
	if (err != NULL)
		return err;
	sums->active = idle;
	const uint64_t start = ring_sums_active(sums).value;
	return address_space_write(space, taddr_add(ring, offsetof(struct arch_pad_ring, sums)),
				   &start, sizeof(start));
}

uint64_t ring_sums_used_bytes(const struct ring_sums *sums)
{
	return sums->used == 0 ? 0 : (RING_SUMS + sums->used) * (uint64_t)SUM_BYTES;
}
