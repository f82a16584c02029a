/*
 * The records of lines: what recorder.h has not (record layer).
 *
 * All figures are sums over a process's life so far, over all its threads and programs. Each record may be written
 * again; the last one of a name, pid, source and line counts. Those of a function are written together, its own last:
 * what its lines have gained is what it has gained, always.
 */
#ifndef RECORD_RECORDER_LINES_H
#define RECORD_RECORDER_LINES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/record/recorder.h"

/* A line that ran in calls of a function, or in what was inlined into it. */
struct recorder_line {
	const char
		*name; /* of the function; no space (U+00A0 instead), as in struct recorder_call */
	pid_t pid;
	unsigned line;	      /* from 1 */
	uint64_t count;	      /* so often it ran */
	int64_t gained_bytes; /* from before it ran to after, together; negative: it gave back */
	uint64_t bytes;	      /* after it ran last */
	uint64_t held_count;  /* of @count, those without a reading of their own */
	const char *source;
};
void recorder_line(struct recorder *recorder, const struct recorder_line *line);

struct recorder_line_function {
	const char *name;
	pid_t pid;
	unsigned first_line, last_line; /* of its text */
	uint64_t calls;
	uint64_t before_bytes; /* when it was entered first */
	int64_t gained_bytes;  /* in all its calls: the sum of its lines */
	bool is_optimised;
	const char *source;
};
void recorder_line_function(struct recorder *recorder,
			    const struct recorder_line_function *function);

/* Line @line of a source file is @text, which the debugging information holds itself. */
void recorder_line_text(struct recorder *recorder, const char *source, unsigned line,
			const char *text);

#endif
