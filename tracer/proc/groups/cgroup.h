/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory of the control group that a process is in (proc layer): cgroups(7), the kernel's cgroup-v1/memory.rst
 * and cgroup-v2.rst. It is what the kernel limits, with the page cache of files that the group has read.
 *
 * Where the memory controller is of version 1, also beside version 2, that is its place; else version 2 is. All is as our
 * cgroup namespace and our mounts have it, whatever namespaces the process is in.
 */
#ifndef PROC_GROUPS_CGROUP_H
#define PROC_GROUPS_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

enum cgroup_figure {
	CGROUP_USAGE,
	CGROUP_PEAK,  /* the highest usage of its whole life; version 2 has it since Linux 5.19 */
	CGROUP_LIMIT, /* of the group itself */
	CGROUP_FIGURES
};

static const uint64_t CGROUP_NO_LIMIT = UINT64_MAX;

struct cgroup {
	char *directory; /* of its files, as we see them, or of the group above that counts for it; owned */
	size_t root_bytes; /* of it, where the hierarchy is mounted */
	bool is_v2;
};

/*
 * That of process @pid. ERR_FAILED: it is in none with a memory controller, or that is not mounted where we are.
 * @ret is to be released after success.
 */
struct error *cgroup_find(pid_t pid, struct cgroup *ret) MUST_CHECK;
void cgroup_deinit(struct cgroup *cgroup); /* zeroed: nothing */

/* The path of a figure's file: in @ret. False: it is too long. */
enum { CGROUP_PATH_BYTES = 4352 };
bool cgroup_path(const struct cgroup *cgroup, enum cgroup_figure figure,
		 char ret[static CGROUP_PATH_BYTES]);

struct error *cgroup_read(const struct cgroup *cgroup, enum cgroup_figure figure,
			  uint64_t *ret_bytes) MUST_CHECK;

/* The lowest limit of the group and of those above it; CGROUP_NO_LIMIT: there is none. */
uint64_t cgroup_limit(const struct cgroup *cgroup);

/*
 * Pure. The path in /proc/PID/cgroup, @text, of the memory controller, as it ends at a newline; NULL: it has none. And
 * where a line of mountinfo, @line, has its hierarchy: the path of its root in it, and the mount point, as they end at
 * a space; false: it is another.
 */
const char *cgroup_parse_path(const char *text, bool *ret_is_v2);
bool cgroup_parse_mount(const char *line, bool is_v2, const char **ret_root,
			const char **ret_point);

#endif
