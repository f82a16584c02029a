/*
 * What functions of Python are called (loop layer): by their code objects, in the memory of the program.
 */
#ifndef LOOP_STACKS_PYTHON_NAMES_H
#define LOOP_STACKS_PYTHON_NAMES_H

#include <stdbool.h>

#include "symbols/unwind/memory_view.h"
#include "tracer/loop/stacks/python_layout.h"
#include "tracer/loop/stacks/stack_nodes.h"

/*
 * The name of the function whose code object is at @code: its qualified name, and the last part of its file's path. *@ret_is_code:
 * false: it is no code object. *@ret is 0 for code of the interpreter's own. Fails for lack of memory only.
 */
struct error *python_code_name(const struct python_process *python, struct memory_view *view,
			       taddr_t code, struct stack_nodes *nodes, uint32_t *ret,
			       bool *ret_is_code) MUST_CHECK;

#endif
