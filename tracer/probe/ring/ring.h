/*
 * What the pads of one thread have recorded, and we have not fetched yet (probe layer).
 *
 * The ring itself lies in the program's memory (arch/pad.h says how): the thread alone writes records, we alone
 * say how far it may. Nothing is lost: a pad whose ring is full traps, and its ring is fetched in that stop.
 */
#ifndef PROBE_RING_RING_H
#define PROBE_RING_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/arch/pad.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"
#include "tracer/probe/ring/ring_sums.h"
#include "tracer/tracee/address_space.h"

/* A slot as it has been fetched. */
union ring_slot {
	struct arch_pad_record record;
	struct arch_pad_memory memory;
};

struct ring {
	taddr_t start;	  /* of its struct arch_pad_ring in the program */
	uint64_t slots;	  /* a power of two */
	uint64_t fetched; /* slots so far */
	uint32_t head; /* what its thread had written when that was last read, published or not */
	/*
	 * The session's stop_number when that was; written by loop/hit/ring_hits.c. When the head is another the next time,
	 * the thread has been in a pad since.
	 */
	uint64_t head_stop;
	struct ring_sums sums;
	uint64_t key;	 /* the thread's, in the table of threads; 0: the ring is free */
	pid_t owner_tid; /* the thread that has @key */
	pid_t tid;	 /* whose records they are: a vfork child's while its parent waits for it */

	/* What has been fetched: @count slots, of which @taken have been taken. Owned. */
	union ring_slot *slots_fetched;
	size_t count, taken;
	uint64_t
		fetched_tsc; /* when that was begun, for the last time; written by loop/hit/ring_hits.c */
	/*
	 * For who takes them: what the pads read last of their process's memory, and with which record, 0 if they read
	 * nothing or could not; and the last record, if of an entry.
	 */
	uint64_t memory_bytes, memory_tsc;
	struct arch_pad_record last_entry;
	int64_t sums_since_ns; /* when the first sum was allowed */
};

enum {
	RING_SLOTS_MAX = 16 * 1024,
	RING_SLOTS_MIN = 1024,
};

/* Of address space that a ring of so many slots takes, with its sums behind them: whole pages. */
uint64_t ring_bytes(uint64_t slots);

/* How old memory may be that pads record, in ticks, see arch_pad_ring. @usual UINT64_MAX: pads read nothing. */
struct memory_ages {
	uint64_t usual, lax;
};

/*
 * Empties @ring and writes its head. @fd: a descriptor of the program's for its /proc/self/statm, or -1.
 */
struct error *ring_reset(struct ring *ring, const struct address_space *space, int fd,
			 const struct memory_ages *ages) MUST_CHECK;

/*
 * Fetches what has been published, and lets the thread go on to write there; while the thread @is_still, stopped or writing no more, all that has
 * been written, which is published then. Those fetched before must have been taken. Fails with ERR_FORMAT where what is
 * there is no ring.
 */
struct error *ring_fetch(struct ring *ring, const struct address_space *space,
			 bool is_still) MUST_CHECK;

/*
 * What is next in what has been fetched: *@ret_memory, if memory was read with it, else NULL. NULL: nothing is
 * left. Valid until the next fetch.
 */
const struct arch_pad_record *ring_next(struct ring *ring,
					const struct arch_pad_memory **ret_memory);

/* The time of that, without taking it; false: nothing is left. */
bool ring_next_tsc(const struct ring *ring, uint64_t *ret);

/* From now on memory is read when it is older than @ages say; with @fd. */
struct error *ring_set_memory(const struct ring *ring, const struct address_space *space, int fd,
			      const struct memory_ages *ages) MUST_CHECK;

/* So many bytes of it had been written to, and were in memory, when the last @but_slots of what was taken came. */
uint64_t ring_used_bytes(const struct ring *ring, uint64_t but_slots);

/* Forgets it, and what has been fetched; @ring is malloc'd. NULL is fine. */
void ring_destroy(struct ring *ring);

#endif
