/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files that write the records of one FILE.dat share (record layer, private to recorder).
 */
#ifndef RECORD_RECORDER_PRIVATE_H
#define RECORD_RECORDER_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/clock.h"
#include "tracer/record/condenser.h"
#include "tracer/record/line_writer.h"
#include "tracer/record/record_line.h"
#include "tracer/record/recorder.h"

struct recorder {
	char *path; /* NULL: it writes to what the caller has open */
	void (*tell)(const char *format, ...);
	bool is_new;	     /* we have created the file, and may remove it */
	size_t made_folders; /* so much of @path is the outermost folder that we have created; 0: none */
	bool failure_said;
	int64_t flushed_ns;
	pid_t main_pid; /* 0: not seen yet */
	struct clock_base clock;
	struct condenser condenser;
	struct line_writer out;
};

/* One record; further arguments are its values, one for each field of the table. */
#define RECORDER_WRITE(recorder, kind, ...)                                                        \
	record_line_write(&(recorder)->out, &(recorder)->clock, (kind),                            \
			  (const union record_value[]){ __VA_ARGS__ },                             \
			  sizeof((const union record_value[]){ __VA_ARGS__ }) /                    \
				  sizeof(union record_value))

/* A recorder without a file, and the lines that begin one. */
struct error *recorder_new(const struct recorder_options *options,
			   struct recorder **ret) MUST_CHECK;
void recorder_write_head(struct recorder *recorder, const struct recorder_options *options,
			 char *const command[]);

/* A window of condensed calls; @context is the recorder. */
void recorder_write_condensed(void *context, const char *name, const struct condensed *window);

#endif
