/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a control group is in a mount of its hierarchy (proc layer), for readers in cgroup namespaces, too.
 *
 * /proc/PID/cgroup and mountinfo name groups as the reader's cgroup namespace has them: its own root is "/", and what is not
 * below that begins with "/..". A container may have the whole hierarchy bound to a directory, whose root is "/../.." then.
 */
#ifndef PROC_GROUPS_CGROUP_PLACE_H
#define PROC_GROUPS_CGROUP_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Pure. Whether the group at @path is in a mount whose root is at @root. It is at *@ret_rest ("" or "/…", within @path)
 * below *@ret_unknown directories whose names neither text says.
 */
bool cgroup_place_within(const char *path, const char *root, const char **ret_rest,
			 unsigned *ret_unknown);

/*
 * The directory *@ret, owned, at @rest below @unknown others in @point, in which process @pid is; NULL: it is not found,
 * among the first some thousand directories.
 */
void cgroup_place_search(const char *point, unsigned unknown, const char *rest, pid_t pid,
			 char **ret);

#endif
