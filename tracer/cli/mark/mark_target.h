/*
 * Which recording a mark is for, and what there is to say at this moment (cli layer).
 */
#ifndef CLI_MARK_MARK_TARGET_H
#define CLI_MARK_MARK_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

struct mark_target {
	char *path, *named; /* to open, and for people. Owned */
	pid_t pid;	 /* whose memory: of the process that was asked for, else of the main one */
	int64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t bytes;
	bool is_held; /* the memory is that of the last sample */
};

/*
 * @where: a pid, a file, or NULL. Waits while the recording has not written its head yet. Fails with ERR_GONE when
 * there is no recording of that kind, with ERR_USAGE when there are several.
 */
struct error *mark_target_find(const char *where, struct mark_target *ret) MUST_CHECK;
void mark_target_deinit(struct mark_target *target);

#endif
