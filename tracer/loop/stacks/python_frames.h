/*
 * Functions of Python on the stack of a thread (loop layer): those that each evaluator on it runs, by the interpreter's own chain of
 * frames.
 *
 * What belongs to which evaluator follows from addresses: each keeps a link of the chain on its own part of the stack.
 */
#ifndef LOOP_STACKS_PYTHON_FRAMES_H
#define LOOP_STACKS_PYTHON_FRAMES_H

#include "tracer/loop/stacks/raw_stack.h"

/*
 * Adds them to @raw, the stack of thread @tid of @process, which stands still. None, where the program is no Python, or the
 * interpreter is not understood. @map is that of @process. Fails for lack of memory only.
 */
struct error *python_frames_add(struct process *process, struct code_map *map, pid_t tid,
				struct stack_nodes *nodes, struct raw_stack *raw) MUST_CHECK;

#endif
