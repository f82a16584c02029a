/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Samples the memory of a set of processes on a fixed grid (sample layer). It traces nothing: the
 * engine tells it of the processes that it traces, and a caller that traces none finds children by it.
 */
#ifndef SAMPLE_SAMPLER_H
#define SAMPLE_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/metric.h"
#include "tracer/sample/memory_usage.h"
#include "tracer/sample/tick_grid.h"

/* Embedded where its owner keeps a process; zeroed at first. */
struct sampled_process {
	pid_t pid;
	void *owner;		    /* the caller's */
	struct memory_meter *meter; /* its files in /proc; NULL: it is not in a sampler */
	bool is_always_due;	    /* read at every tick, however many there are */
	uint64_t last_bytes;	    /* at the last tick that it was read at, as it counted */
	unsigned same_readings;	    /* so many of the last readings were equal */
};

struct sampler {
	enum metric metric;
	struct tick_grid grid;
	struct addr_map processes; /* pid -> struct sampled_process, borrowed */
};

/* How a process is read, and what is done with the reading. */
struct sampler_hooks {
	void *context;
	/* False: it cannot be read now, and does not count. NULL: its meter is read. */
	bool (*read)(void *context, struct sampled_process *process, uint64_t *ret_bytes);
	/* NULL: nothing. */
	void (*record)(void *context, const struct sampled_process *process, uint64_t bytes);
};

void sampler_init(struct sampler *sampler, enum metric metric);
void sampler_start(struct sampler *sampler, int64_t now_ns, int64_t interval_ns);

/* What it was told of must have been closed. */
void sampler_deinit(struct sampler *sampler);

/*
 * From now on @process, whose pid, owner and is_always_due are set, is sampled, through the files of its
 * thread @tid; or through those of another thread than before.
 */
struct error *sampler_open(struct sampler *sampler, struct sampled_process *process,
			   pid_t tid) MUST_CHECK;
void sampler_close(struct sampler *sampler, struct sampled_process *process);

/* The thread whose files are read; the process's pid when none is. */
pid_t sampled_process_tid(const struct sampled_process *process);

/*
 * Reads all, as a tick does: with very many processes, those whose memory has not changed for a while
 * are read in turns. Returns the sum; *@ret_is_any: at least one was read.
 */
uint64_t sampler_take(struct sampler *sampler, const struct sampler_hooks *hooks, bool *ret_is_any);

/*
 * Whether @process has ended, as its memory tells: a zombie is as good as gone. If it is only the
 * thread whose files were read, those of another one are from now on.
 */
bool sampler_is_gone(struct sampler *sampler, struct sampled_process *process);

/* Calls @found for each child that process @pid has now and that is not sampled. */
void sampler_find_children(const struct sampler *sampler, pid_t pid, void *context,
			   void (*found)(void *context, pid_t child, pid_t parent));

#endif
