/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was read, until the caller has it (api layer): bytes and CLOCK_MONOTONIC times become MiB and seconds
 * since the epoch.
 */
#ifndef API_READINGS_H
#define API_READINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/api/mprof.h"
#include "tracer/base/clock.h"
#include "tracer/base/error.h"

/* Zeroed but for the first three. */
struct readings {
	bool keeps_none, keeps_highest, keeps_times;
	struct clock_base clock;
	double *mib, *times_s;
	size_t count, mib_capacity, times_capacity;
	struct mprof_child *children;
	size_t child_count, child_capacity;
	double max_mib;
	size_t measurements;
};

struct error *readings_add(struct readings *readings, int64_t time_ns, uint64_t bytes) MUST_CHECK;

/* Of a child, to the reading of all that was added last. */
struct error *readings_add_child(struct readings *readings, pid_t pid, int64_t time_ns,
				 uint64_t bytes) MUST_CHECK;

/* Hands over to @ret, which mprof_result_free releases. */
void readings_give(struct readings *readings, struct mprof_result *ret);
void readings_deinit(struct readings *readings);

#endif
