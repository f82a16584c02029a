/*
 * The stacks of faults, each kept once, before they are named (loop layer).
 *
 * Naming waits for symbols, and faults come by the thousand: what is unwound is kept, and named when there is time, or
 * when the process goes. Most faults come from where others came from: where the return addresses of a known stack
 * all stand where they stood, it is that one, and nothing is unwound.
 */
#ifndef LOOP_GROWTH_GROWTH_STACKS_H
#define LOOP_GROWTH_GROWTH_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/loop/stacks/raw_stack.h"
#include "tracer/perf/perf_record.h"

/* More are named before others are kept. */
enum { GROWTH_STACKS_MAX = 4096 };

struct growth_stack {
	pid_t pid;     /* 0: its process has another program, or none */
	bool is_named; /* @node is its number in stacks.h */
	uint32_t node;
	struct raw_stack raw;
};

/* A stack that is known by where its return addresses stand. */
struct growth_known {
	pid_t pid;
	taddr_t pc, sp; /* innermost */
	uint32_t stack; /* its number; 0: the slot is free */
};

struct growth_stacks {
	struct growth_stack **all; /* owned; number N is all[N - 1] */
	size_t count, capacity;
	struct addr_map number_of_key;
	struct growth_known
		*known; /* GROWTH_KNOWN of them, by pid, pc and sp. Owned; NULL: none yet */
};

/* Zeroed there are none. Cleared: numbers begin at 1 again. */
void growth_stacks_deinit(struct growth_stacks *stacks);
void growth_stacks_clear(struct growth_stacks *stacks);
/* @pid has another program: no stack of its is met again, nor can be named. */
void growth_stacks_forget(struct growth_stacks *stacks, pid_t pid);
bool growth_stacks_is_full(const struct growth_stacks *stacks);

/* The number of a stack of process @pid that the fault must have; 0: it has to be unwound. */
uint32_t growth_stacks_recall(const struct growth_stacks *stacks, pid_t pid,
			      const struct perf_fault *fault);

/* The number of @raw, which @fault had. */
struct error *growth_stacks_keep(struct growth_stacks *stacks, pid_t pid,
				 const struct perf_fault *fault, const struct raw_stack *raw,
				 uint32_t *ret) MUST_CHECK;

#endif
