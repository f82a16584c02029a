/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process, and if asked its children and theirs, read together (api layer).
 *
 * Children are found in /proc when memory is read: those that came and went in between are not seen.
 */
#ifndef API_PROCESS_TREE_H
#define API_PROCESS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/metric.h"
#include "tracer/proc/process_facts.h"
#include "tracer/sample/sampler.h"

struct tree_process {
	struct sampled_process sampled;
	pid_t parent_pid;
	bool is_read;		       /* at the last reading, as last_bytes of @sampled */
	char name[PROCESS_NAME_BYTES]; /* as the profile has it; "": it was not written yet */
};

struct process_tree {
	struct sampler sampler;
	struct tree_process main;
	bool has_children;
	struct tree_process **children; /* a parent goes before its children */
	size_t count, capacity;
	struct error *err; /* of the reading that is being made */
	/* NULL, or told of each child when it is first seen. */
	void (*tell)(void *context, struct tree_process *child);
	void *context;
};

/* Fails where the memory of process @pid cannot be read; nothing is to be released then. */
struct error *process_tree_open(struct process_tree *tree, pid_t pid, enum metric metric,
				bool has_children) MUST_CHECK;
void process_tree_close(struct process_tree *tree);

/*
 * Reads all. *@ret_sum_bytes is that of all. ERR_GONE once the main process has no memory any more, with children
 * or without.
 */
struct error *process_tree_read(struct process_tree *tree, uint64_t *ret_sum_bytes) MUST_CHECK;

#endif
