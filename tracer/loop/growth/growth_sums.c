/* Growth charged to stacks; see growth_sums.h. Loop layer. */
#include "tracer/loop/growth/growth_sums.h"

#include <stdlib.h>

#include "tracer/base/array.h"

void growth_sums_deinit(struct growth_sums *sums)
{
	addr_map_deinit(&sums->index_of_key);
	free(sums->all);
	*sums = (struct growth_sums){ 0 };
}

void growth_sums_clear(struct growth_sums *sums)
{
	addr_map_deinit(&sums->index_of_key);
	sums->index_of_key = (struct addr_map){ 0 };
	sums->count = 0;
}

struct error *growth_sums_find(struct growth_sums *sums, pid_t pid, uint32_t stack,
			       size_t *ret_index)
{
	const uint64_t key = (uint64_t)(uint32_t)pid << 32 | stack;
	uintptr_t found = (uintptr_t)addr_map_get(&sums->index_of_key, key);

	if (found != 0) {
		*ret_index = found - 1;
		return NULL;
	}
	struct error *err =
		array_reserve(&sums->all, &sums->capacity, sums->count + 1, sizeof(*sums->all));
	if (err == NULL)
		err = addr_map_put(&sums->index_of_key, key, (void *)(sums->count + 1));
	if (err != NULL)
		return err;
	*ret_index = sums->count++;
	sums->all[*ret_index] = (struct growth_sum){ .pid = pid, .stack = stack };
	return NULL;
}

void growth_sum_add(struct growth_sum *sum, uint64_t faults, uint64_t fault_bytes)
{
	sum->faults += faults;
	sum->known_faults += faults;
	sum->bytes += faults * fault_bytes;
}

void growth_sum_add_unknown(struct growth_sum *sum, uint64_t faults)
{
	sum->faults += faults;
}

void growth_sum_join(struct growth_sum *sum, const struct growth_sum *other)
{
	sum->faults += other->faults;
	sum->known_faults += other->known_faults;
	sum->bytes += other->bytes;
}

uint64_t growth_sum_bytes(const struct growth_sum *sum, uint64_t page_bytes)
{
	const uint64_t unknown = sum->faults - sum->known_faults;

	if (sum->known_faults == 0)
		return unknown * page_bytes;
	double each_bytes = (double)sum->bytes / (double)sum->known_faults;
	return sum->bytes + (uint64_t)((double)unknown * each_bytes);
}
