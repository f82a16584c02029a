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
#include "tracer/loop/stacks/stack_nodes.h"

/* Deeper stacks are cut: their innermost functions are there. */
enum { RAW_STACK_MAX = 256, RAW_PYTHON_MAX = 256 };

struct raw_stack {
	size_t count;
	bool is_cut;		      /* more functions are outside of these */
	taddr_t sps[RAW_STACK_MAX];   /* the stack pointer in each */
	bool is_exact[RAW_STACK_MAX]; /* interrupted there: it is no return address less one */
	taddr_t pcs
		[RAW_STACK_MAX]; /* in the innermost function first; each within the code that it belongs to */
	/* Functions of Python, the innermost first. */
	size_t python_count;
	bool python_is_cut;		       /* more are outside of these */
	uint32_t python_names[RAW_PYTHON_MAX]; /* see stack_nodes_name */
	uint16_t python_places
		[RAW_PYTHON_MAX]; /* in the list above: the evaluator that runs it; RAW_STACK_MAX: in none of it */
};

/* A part of a stack that was copied when it was of interest. */
struct stack_copy {
	taddr_t from;
	const void *data; /* borrowed */
	size_t bytes;
};

/* The memory of a process as unwinding reads it. */
struct raw_view {
	struct process *process;
	struct code_map *map;
	const struct stack_copy *copy; /* what is in it goes before; NULL: nothing does */
	pid_t tid;		       /* a thread whose files in /proc show the memory */
};

void raw_view_init(struct raw_view *view, struct process *process, struct code_map *map,
		   const struct stack_copy *copy);
struct unwind_memory raw_view_memory(struct raw_view *view); /* valid as long as @view */

/*
 * Unwinds a thread of @process from @registers. Memory is read as it is now, but for what @copy has; NULL: nothing. @map is
 * that of @process, and brought up to date.
 */
struct error *raw_stack_unwind(struct process *process, struct code_map *map,
			       const struct unwind_registers *registers,
			       const struct stack_copy *copy, struct raw_stack *ret) MUST_CHECK;
#endif
