/*
 * The addresses on the stack of a thread, before they are named (loop layer).
 */
#ifndef LOOP_STACKS_RAW_STACK_H
#define LOOP_STACKS_RAW_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/unwind/unwinder.h"
#include "tracer/loop/stacks/code_map.h"

/* Deeper stacks are cut: their innermost functions are there. */
enum { RAW_STACK_MAX = 256 };

struct raw_stack {
	size_t count;
	bool is_cut;		      /* more functions are outside of these */
	taddr_t sps[RAW_STACK_MAX];   /* the stack pointer in each */
	bool is_exact[RAW_STACK_MAX]; /* interrupted there: it is no return address less one */
	taddr_t pcs
		[RAW_STACK_MAX]; /* in the innermost function first; each within the code that it belongs to */
};

/* A part of a stack that was copied when it was of interest. */
struct stack_copy {
	taddr_t from;
	const void *data; /* borrowed */
	size_t bytes;
};

/*
 * Unwinds a thread of @process from @registers. Memory is read as it is now, but for what @copy has; NULL: nothing. @map is
 * that of @process, and brought up to date.
 */
struct error *raw_stack_unwind(struct process *process, struct code_map *map,
			       const struct unwind_registers *registers,
			       const struct stack_copy *copy, struct raw_stack *ret) MUST_CHECK;

#endif
