/*
 * The caller's frame where unwind information does not lead to it (loop layer).
 *
 * Code made at run time has none; and of a sleeper only pc and sp are known, while a function compiled without
 * optimisation finds its frame by the frame pointer. Such functions keep the caller's frame pointer right below their return
 * address. Where the frame pointer is known, that is looked at; else the stack is searched for two such words. What
 * is found must be a return address behind a call, of that very function where the call says which.
 */
#ifndef LOOP_STACKS_FRAME_LINKS_H
#define LOOP_STACKS_FRAME_LINKS_H

#include <stdbool.h>

#include "symbols/unwind/unwinder.h"
#include "tracer/loop/stacks/code_map.h"

/* Where to look. */
struct frame_links {
	const struct unwind_memory *memory; /* borrowed */
	struct process *process;
	struct code_map *map;
	pid_t tid;
};

/*
 * The registers of the caller of @frame: pc, sp and frame pointer. *@ret_is_found: false where there is none. Fails for lack of
 * memory only.
 */
struct error *frame_links_caller(const struct frame_links *links, const struct unwind_frame *frame,
				 struct unwind_registers *ret, bool *ret_is_found) MUST_CHECK;

#endif
