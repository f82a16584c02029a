/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How much memory a process has (sample layer): /proc/PID/statm, status and smaps_rollup -> bytes.
 *
 * The cheapest file that is exact for the metric. One reading, measured on Linux 6.18 with 64 MiB
 * and with 1 GiB resident:
 *
 *   statm         rss, vms                     0.8 us    0.8 us
 *   status        anon, swap, rss+huge         4 us      4 us
 *   smaps_rollup  pss, uss                     0.4 ms    5.3 ms
 *   its cgroup's  cgroup                       12 us     12 us
 *
 * statm and status give counters that the kernel keeps; smaps_rollup walks all page tables, and
 * nothing else tells which pages are shared. On many kernels the counters lag by some pages a CPU
 * (proc(5), "inaccurate"); on that one they were exact.
 */
#ifndef SAMPLE_MEMORY_USAGE_H
#define SAMPLE_MEMORY_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/metric.h"

struct memory_meter;

/*
 * Opens the files of process @pid, or of one of its threads: once the first thread has exited, only
 * the others' show the memory. That we may not read the metric of it is the reading's failure.
 */
struct error *memory_meter_open(pid_t pid, enum metric metric,
				struct memory_meter **ret) MUST_CHECK;
pid_t memory_meter_pid(const struct memory_meter *meter); /* as opened */
enum metric memory_meter_metric(const struct memory_meter *meter);
void memory_meter_close(struct memory_meter *meter); /* NULL is fine */

/*
 * The process has executed another program, or may have: statm and status follow it, smaps_rollup
 * stays with the memory that it was opened for (proc_mem_open() in the kernel's fs/proc).
 */
void memory_meter_renew(struct memory_meter *meter);

/*
 * In bytes. ERR_GONE once the memory is gone (a zombie has none); 0 is a reading like any other.
 * Anything else: it may not be read.
 */
struct error *memory_meter_read(struct memory_meter *meter, uint64_t *ret_bytes) MUST_CHECK;

/*
 * What a reading of /proc/PID/statm that somebody else has made says of the same: @text, of which @bytes are there,
 * perhaps not all of the file. False: it does not say it, or another file has the metric.
 */
bool memory_meter_parse_statm(const struct memory_meter *meter, const char *text, size_t bytes,
			      uint64_t *ret_bytes);

/*
 * As memory_meter_read, for a caller that asks very often: where a reading is expensive it may be as old as
 * MEMORY_METER_AGE times what it took, so that no more than a quarter of the time is spent on it.
 */
struct error *memory_meter_read_recent(struct memory_meter *meter, uint64_t *ret_bytes) MUST_CHECK;
enum { MEMORY_METER_AGE = 3 };

/* What /proc/PID/status has of a metric whose high-water mark the kernel keeps. */
struct memory_peak {
	uint64_t bytes;		 /* exact, since the last exec */
	uint64_t left_out_bytes; /* pages of hugetlbfs now, where the metric leaves them out */
};

/* All 0 once the memory is gone, and for metrics without a high-water mark. */
struct error *memory_meter_read_peak(const struct memory_meter *meter,
				     struct memory_peak *ret) MUST_CHECK;

#endif
