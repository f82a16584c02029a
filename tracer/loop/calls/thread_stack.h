/*
 * The frames on the stack of a thread (loop layer).
 */
#ifndef LOOP_CALLS_THREAD_STACK_H
#define LOOP_CALLS_THREAD_STACK_H

#include "symbols/unwind/unwinder.h"
#include "tracer/tracee/target.h"

struct thread_stack {
	struct unwind_frame *frames; /* owned; the innermost first */
	size_t count;		     /* deeper recursion is cut: its innermost frames are there */
	enum unwind_end end;
};

/* Unwinds @tracee, which need not be stopped, from @registers. Release with thread_stack_deinit. */
struct error *thread_stack_unwind(const struct tracee *tracee,
				  const struct unwind_registers *registers,
				  struct thread_stack *ret) MUST_CHECK;
void thread_stack_deinit(struct thread_stack *stack);

#endif
