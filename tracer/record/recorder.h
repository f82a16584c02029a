/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The only writer of a FILE.dat (record layer). Its records are in base/profile_format.h.
 *
 * Append-only; flushed when told (at ticks, every tenth of a second at most), and whole up to its last
 * line after any kill. A write that fails is told once and remembered: later records are dropped, so that
 * the program is not disturbed, and recorder_close reports it. Times are CLOCK_MONOTONIC ns, memory
 * is in bytes.
 */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/profile_format.h"
#include "tracer/job/job_rank.h"

struct recorder;

struct recorder_options {
	pid_t pid; /* of the main process, for @path */
	const char *
		path; /* may have the fields of job/output_name.h. NULL: mprofile_YYYYMMDDhhmmss.dat here, the next second's if taken */
	uint64_t max_calls; /* of one function, before further ones are condensed */
	const char *metric; /* its name */
	bool is_tree;	    /* MEM is the sum over all processes */
	int64_t interval_ns;
	const struct job_rank
		*rank;	    /* borrowed while it is created; NULL: nothing is known of a job */
	bool is_rank_alone; /* no other rank is recorded by the same words: @path is its own */
	/* A function of base/log.h, for the first write that fails; NULL: recorder_close alone tells of it. */
	void (*tell)(const char *format, ...);
};

/*
 * Creates the file and its head; what an existing @path holds goes when the first lines are written out. Where there may
 * be other ranks that do so, nothing is replaced: a path that is taken gets a number. For them, and for a @path with fields, missing
 * folders are created.
 * Waits for the reader of a named pipe, with no signal blocked.
 */
struct error *recorder_create(const struct recorder_options *options, char *const command[],
			      struct recorder **ret) MUST_CHECK;

/*
 * One that writes to what the caller has open: @write is as write(2). Options about the file do not matter, and
 * the head is written at once.
 */
struct error *recorder_create_on(ssize_t (*write)(void *context, const char *bytes, size_t count),
				 void *context, const struct recorder_options *options,
				 char *const command[], struct recorder **ret) MUST_CHECK;

/* Ends the file; releases @recorder. Reports the first write that failed. NULL is fine. */
struct error *recorder_close(struct recorder *recorder) MUST_CHECK;

/* Releases @recorder, when nothing was recorded. The file goes if it was created, else stays as it was. */
void recorder_discard(struct recorder *recorder);

const char *recorder_path(const struct recorder *recorder); /* as long as the recorder */

void recorder_memory(struct recorder *recorder, int64_t time_ns, uint64_t bytes);
void recorder_child_memory(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes);
/* The first process is the main one: the calls of all others are written as CHFUNC. */
void recorder_process(struct recorder *recorder, pid_t pid, pid_t parent_pid, int64_t time_ns,
		      const char *command);
void recorder_exec(struct recorder *recorder, pid_t pid, int64_t time_ns, const char *command);
/* A thread that made calls, with the name that it had at its end. */
void recorder_thread(struct recorder *recorder, pid_t pid, pid_t tid, const char *name);

void recorder_done(struct recorder *recorder, pid_t pid, int64_t time_ns, int status);
void recorder_peak(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes);
/* Where the Python function called @name (no space in it) is written. */
void recorder_definition(struct recorder *recorder, const char *name, unsigned line,
			 const char *file);
/* What has happened once: a MARK. */
void recorder_mark(struct recorder *recorder, const char *name, pid_t pid, pid_t tid,
		   int64_t time_ns, uint64_t bytes, bool is_held);

/* What we ourselves have added to the memory of process @pid. */
void recorder_added(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes);

/* How well the interval was kept: at the end. */
struct recorder_ticks {
	uint64_t taken, missed, skipped;
	int64_t late_mean_ns, late_longest_ns;
};
void recorder_ticks(struct recorder *recorder, const struct recorder_ticks *ticks);

void recorder_miss(struct recorder *recorder, const char *pattern, const char *why);

/* A call of a probed function. @name has no space (U+00A0 instead) and identifies it by address. */
struct recorder_call {
	const char *name;
	pid_t pid, tid;
	unsigned level;
	bool is_noted; /* it was open at a tick: never condensed, so that its end can be found */
	int64_t entry_ns;
	uint64_t entry_bytes;
	enum call_held held; /* at its entry, and at its end if it has ended */
};

/* A thread has passed a static probe. @name identifies it by address. */
struct recorder_moment {
	const char *name;
	pid_t pid, tid;
	int64_t time_ns;
	uint64_t bytes;
	bool is_held;
};

/* A MARK; once there are as many of one name as there may be single calls, they are condensed like those. */
void recorder_moment(struct recorder *recorder, const struct recorder_moment *moment);

/* Calls of the function called @name that were summed up where they were made. */
struct recorder_sum {
	pid_t pid;
	int64_t from_ns, to_ns; /* when they were made */
	uint64_t count;
	int64_t total_ns, shortest_ns, longest_ns;
	uint64_t bytes; /* of memory, all the time */
	bool is_held;	/* that memory, see enum call_held */
};
void recorder_calls_summed(struct recorder *recorder, const char *name,
			   const struct recorder_sum *sum);

/* Its calls are condensed from now on, whatever their number. */
void recorder_condense(struct recorder *recorder, const char *name);

/*
 * The function is not recorded any more from @time_ns on; @calls of it began before. It may be said again, once it is known
 * better.
 */
void recorder_left(struct recorder *recorder, const char *name, int64_t time_ns, uint64_t calls);

/* Whether the calls of a function are condensed that has been called @calls times. */
bool recorder_condenses(const struct recorder *recorder, uint64_t calls);

/* Calls of that function that are shorter would be condensed; 0: none would, yet. */
int64_t recorder_limit_ns(const struct recorder *recorder, const char *name);

/* It ended. */
void recorder_call_ended(struct recorder *recorder, const struct recorder_call *call,
			 int64_t end_ns, uint64_t end_bytes, enum call_end how);

/* It is open at a tick. */
void recorder_call_open(struct recorder *recorder, const struct recorder_call *call);

/*
 * A function on stacks. @id is one more than that of the frame before; @outer is its caller's, 0: it is outermost. @function is
 * cut where it is long.
 */
void recorder_frame(struct recorder *recorder, uint32_t id, uint32_t outer, const char *function,
		    const char *module, bool is_inlined);

/* Where a stack was met. */
struct recorder_stack {
	uint32_t frame; /* the innermost; 0: not known */
	uint64_t bytes; /* of its process */
	int64_t time_ns;
	pid_t pid, tid;
	enum stack_why why;
	enum stack_state state;
	uint64_t grown_bytes; /* with STACK_GREW */
	const char *
		detail; /* "": none. The system call that it slept in, the function that was entered */
};
void recorder_stack(struct recorder *recorder, const struct recorder_stack *stack);

/* What a stack has grown. */
struct recorder_growth {
	uint32_t frame; /* the innermost; 0: not known */
	pid_t pid;
	uint64_t bytes, faults;
	int64_t from_ns, to_ns;
};
void recorder_growth(struct recorder *recorder, const struct recorder_growth *growth);

/* Writes out what is buffered, and condensed windows that are over. */
void recorder_flush(struct recorder *recorder, int64_t now_ns);

/* The same, unless it was done less than a tenth of a second ago: for ticks that come faster. */
void recorder_flush_if_due(struct recorder *recorder, int64_t now_ns);

#endif
