/*
 * The buffer of one CPU that the kernel writes records of perf events into, shared with us (perf layer).
 *
 * Reads one record after the other, as perf_event_open(2) says; what they mean is perf_record.h's.
 */
#ifndef PERF_PERF_RING_H
#define PERF_PERF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct perf_event_mmap_page;
struct perf_event_header;

struct perf_ring {
	int fd; /* of the event that it was made for, borrowed; -1: there is none */
	struct perf_event_mmap_page *mapped; /* with the data behind it */
	size_t mapped_bytes, data_bytes;     /* the latter is a power of two */
	uint64_t head, tail; /* of what the last look has shown, and of what was taken */
	unsigned char *
		wrapped; /* a record that the end of the buffer has cut. Owned; NULL: none was met yet */
	const struct perf_event_header *next; /* the record at @tail, once it was asked for */
};

/*
 * @data_bytes is what is wanted: where so much must not be locked in memory, it is half as much, and so on,
 * but not below @least_bytes. Both are powers of two, of a page at least.
 */
struct error *perf_ring_open(struct perf_ring *ring, int fd, size_t data_bytes,
			     size_t least_bytes) MUST_CHECK;
void perf_ring_close(struct perf_ring *ring); /* of a zeroed one, too */

/* What has been written by now may be read. */
void perf_ring_look(struct perf_ring *ring);

/* NULL: there is no more. Valid until perf_ring_pass. */
const struct perf_event_header *perf_ring_next(struct perf_ring *ring);
void perf_ring_pass(struct perf_ring *ring);

/* The kernel may write again where the records that were passed lay. */
void perf_ring_give_back(struct perf_ring *ring);

#endif
