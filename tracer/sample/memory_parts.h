/*
 * What the memory of a process is made of (sample layer): /proc/PID/status and smaps -> bytes of each kind.
 *
 * One reading, measured on Linux 6.18; tests/bench/parts.sh measures it where it runs:
 *
 *   status       whatever the memory          12 us
 *   smaps        20 mappings, 1 MiB          120 us, of which the kernel takes 100
 *                2,000 mappings, 64 MiB        8 ms              … 5.5 ms
 *                20 mappings, 1 GiB           14 ms              … 13 ms: it walks all page tables
 *
 * Both are what smaps_rollup has, to the page, where the kernel's counters are exact (see memory_usage.h).
 */
#ifndef SAMPLE_MEMORY_PARTS_H
#define SAMPLE_MEMORY_PARTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/page_range.h"
#include "tracer/base/memory/part_kind.h"

struct memory_counters {
	uint64_t bytes[PART_COUNTERS];
};

/* ERR_GONE once the memory of process @pid, or of one of its threads, is gone. */
struct error *memory_counters_read(pid_t pid, struct memory_counters *ret) MUST_CHECK;

struct memory_parts {
	struct memory_part
		*parts; /* each kind, and each name of it, once, none of 0 bytes; names are owned */
	size_t count, capacity;
	uint64_t total_bytes; /* of them all */
};

/* @ours: what we have mapped there. @ret is to be released after success. */
struct error *memory_parts_read(pid_t pid, const struct page_range *ours, size_t ours_count,
				struct memory_parts *ret) MUST_CHECK;

/* The same of a text of that form. */
struct error *memory_parts_parse(FILE *smaps, const struct page_range *ours, size_t ours_count,
				 struct memory_parts *ret) MUST_CHECK;
void memory_parts_deinit(struct memory_parts *parts);

#endif
