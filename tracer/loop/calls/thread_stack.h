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

/*
 * What @tracee runs on, which is stopped at the first instruction of a function with frame @cfa, as
 * inner_stack in call_stack.h says it. Told where the call frame information leads to the end of the
 * stack, as that of makecontext(3) does.
 */
taddr_t thread_stack_inner(const struct tracee *tracee, taddr_t cfa, taddr_t outer);

#endif
