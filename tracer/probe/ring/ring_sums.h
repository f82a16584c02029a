/*
 * The calls of one thread that its pads have summed up (probe layer); arch/pad.h says how.
 *
 * There are two banks of sums, and the pads write to one of them. We look at the other one, to which nobody has written
 * for a whole while, set its extremes back, and let the pads change over to it. Counts and ticks are never set back,
 * since the thread adds to them at any time: what counts is what has been added since the last look.
 */
#ifndef PROBE_RING_RING_SUMS_H
#define PROBE_RING_RING_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/arch/pad.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"
#include "tracer/tracee/address_space.h"

enum {
	RING_BANKS = 2,
	RING_SUMS = 1024, /* of a bank; number 0 is none */
	RING_SUMS_BYTES = RING_BANKS * RING_SUMS * sizeof(struct arch_pad_sum),
};

struct ring_sums {
	taddr_t start;	 /* of the first bank in the program; 0: not known yet */
	unsigned active; /* the bank that pads write to */
	size_t used;	 /* those that pads may write to are below this number */
	struct arch_pad_sum *
		seen; /* both banks, one behind the other, as last seen. Owned; NULL: none is used */
};

/* The sums at @start; those of a ring that another thread has had go on. */
void ring_sums_init(struct ring_sums *sums, taddr_t start);
void ring_sums_deinit(struct ring_sums *sums);

/* Where pads are to write to. */
taddr_t ring_sums_active(const struct ring_sums *sums);

/* The word of a pad for sum @number, and back; the latter is 0 for what is no such word. */
uint32_t ring_sums_word(uint32_t number);
uint32_t ring_sums_number(uint32_t word);

/* Calls shorter than @limit ticks go into sum @number, which is below RING_SUMS, from now on. */
struct error *ring_sums_set_limit(struct ring_sums *sums, const struct address_space *space,
				  uint32_t number, uint64_t limit) MUST_CHECK;

/* The limit of @number; 0: none was set. */
uint64_t ring_sums_limit(const struct ring_sums *sums, uint32_t number);

/* What has been added to a sum. */
struct ring_sum {
	uint32_t number;
	uint64_t count, ticks, shortest, longest; /* the last two of single calls; all in ticks */
};

/*
 * Gives to @take what has been added to the bank that nobody writes to, and has the pads write there from now on; the
 * ring is at @ring. With @is_last the thread is stopped, and does not go on: to both banks.
 */
struct error *ring_sums_take(struct ring_sums *sums, const struct address_space *space,
			     taddr_t ring, bool is_last,
			     void (*take)(void *context, const struct ring_sum *sum),
			     void *context) MUST_CHECK;

/* Of those in use, in bytes from @start on. */
uint64_t ring_sums_used_bytes(const struct ring_sums *sums);

#endif
