/*
 * Recordings that are being made on this machine (cli layer).
 */
#ifndef CLI_MARK_RUNNING_H
#define CLI_MARK_RUNNING_H

#include <stddef.h>
#include <sys/types.h>

#include "tracer/base/error.h"

struct running {
	pid_t pid; /* of the process that writes */
	char *path; /* by which we can open the file, whatever its name is by now. Owned, as the next */
	char *named; /* as it is called */
};

struct running_list { /* a zeroed one is empty */
	struct running *all;
	size_t count, capacity;
};

/*
 * Those whose files we may look at: a regular file that a process of ours appends to, and that is a
 * profile or empty yet.
 */
struct error *running_find(struct running_list *ret) MUST_CHECK;
void running_deinit(struct running_list *list);

#endif
