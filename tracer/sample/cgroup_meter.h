/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads the memory of the cgroup that a process is in, again and again (sample layer).
 *
 * A process may be moved to another one, by itself or by others: it is looked for again now and then, and after an exec.
 */
#ifndef SAMPLE_CGROUP_METER_H
#define SAMPLE_CGROUP_METER_H

#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/proc/groups/cgroup.h"

/* Zeroed at first. */
struct cgroup_meter {
	struct cgroup cgroup;
	int64_t found_ns; /* 0: it is to be looked for */
	uint64_t
		first_bytes; /* the kernel's mark when it was found: it is of the group's whole life */
};

struct error *cgroup_meter_read(struct cgroup_meter *meter, pid_t pid,
				uint64_t *ret_bytes) MUST_CHECK;
void cgroup_meter_renew(struct cgroup_meter *meter);

/* The kernel's mark, if it has risen since the group was found; 0: it has not, or there is none. */
uint64_t cgroup_meter_peak(const struct cgroup_meter *meter);
void cgroup_meter_deinit(struct cgroup_meter *meter);

#endif
