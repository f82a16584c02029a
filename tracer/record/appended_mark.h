/*
 * A mark in the FILE.dat of a recording that is another process's (record layer).
 *
 * The recorder has the file open with O_APPEND and writes whole lines alone, and so does this: open(2), the file offset
 * is set to the end of the file and the data written as one step. On NFS that is not so (same page).
 */
#ifndef RECORD_APPENDED_MARK_H
#define RECORD_APPENDED_MARK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

struct appended_mark {
	const char *name; /* any text: what would break a line is replaced */
	pid_t pid;	  /* whose memory it was */
	int64_t time_ns;  /* CLOCK_MONOTONIC */
	uint64_t bytes;
	bool is_held; /* the memory is not of that time */
};

/* Writes one MARK record, all of it or nothing; @path stays as it is on failure. */
struct error *mark_append(const char *path, const struct appended_mark *mark) MUST_CHECK;

#endif
