/*
 * Growth charged to stacks, added up (loop layer). Pure: no process is looked at.
 */
#ifndef LOOP_GROWTH_GROWTH_SUMS_H
#define LOOP_GROWTH_GROWTH_SUMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

/* What one stack of one process has grown, since the sums were emptied. */
struct growth_sum {
	pid_t pid, tid; /* the latter of the last one that was charged */
	uint32_t stack; /* its number, the owner knows where; 0: it is not known */
	uint64_t faults;
	uint64_t bytes;	       /* of those faults of which it is known what they have mapped */
	uint64_t known_faults; /* that these are */
};

struct growth_sums {
	struct growth_sum *all; /* owned */
	size_t count, capacity;
	struct addr_map index_of_key; /* pid and stack -> index + 1 */
};

/* Zeroed there are none. */
void growth_sums_deinit(struct growth_sums *sums);
void growth_sums_clear(struct growth_sums *sums);

/* *@ret_index is good until they are cleared. */
struct error *growth_sums_find(struct growth_sums *sums, pid_t pid, uint32_t stack,
			       size_t *ret_index) MUST_CHECK;

/* @faults more, that have mapped @fault_bytes each. */
void growth_sum_add(struct growth_sum *sum, uint64_t faults, uint64_t fault_bytes);

/* Likewise, but what they have mapped is not known: as those that are, and a page where none is. */
void growth_sum_add_unknown(struct growth_sum *sum, uint64_t faults);

/* All that @other has, too. */
void growth_sum_join(struct growth_sum *sum, const struct growth_sum *other);

uint64_t growth_sum_bytes(const struct growth_sum *sum, uint64_t page_bytes);

#endif
