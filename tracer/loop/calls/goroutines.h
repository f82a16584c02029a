/*
 * The calls of Go programs (loop layer).
 *
 * A goroutine moves between threads: its calls are kept by goroutine, not by thread. The runtime copies
 * its stack to another place when it must grow, or may shrink (runtime.copystack): the frames follow. A
 * function that found too little stack begins anew after that, in the same frame: no second call.
 */
#ifndef LOOP_CALLS_GOROUTINES_H
#define LOOP_CALLS_GOROUTINES_H

#include "tracer/loop/pairing/call_stack.h"
#include "tracer/loop/state/met_again.h"
#include "tracer/tracee/target.h"

/* How a runtime.g begins, in every version of Go: stack.lo and stack.hi (runtime2.go). */
struct goroutine_stack {
	uint64_t low, high;
};

/*
 * The calls of @goroutine (the address of its runtime.g, 0: none) of @process: made when @makes. *@ret is
 * NULL when there are none yet.
 */
struct error *goroutine_calls(const struct process *process, taddr_t goroutine, bool makes,
			      struct call_stack **ret) MUST_CHECK;

/* The next one's calls, in no order; see addr_map_next. NULL: those were all. */
struct call_stack *goroutine_calls_next(const struct process *process, size_t *cursor);

/* @process ends, or executes another program: frees what is kept. All calls must have been ended. */
void goroutines_forget(struct process *process);

/* The stack of @goroutine is about to be copied from @stack. False: it is in no probed function. */
bool goroutine_copy_begins(const struct process *process, taddr_t goroutine,
			   const struct goroutine_stack *stack);

/* The copy has been made, to @stack. */
void goroutine_copy_ends(const struct process *process, taddr_t goroutine,
			 const struct goroutine_stack *stack);

/*
 * A signal takes the processor from a goroutine (runtime.asyncPreempt) that has hit a site, but not
 * executed what is there: it will hit it again, on any thread. Nothing can be thrown past from there.
 */
struct error *goroutine_will_meet(const struct process *process,
				  const struct met_again *met) MUST_CHECK;
bool goroutines_may_meet(const struct process *process); /* any, some site */

/* @goroutine has hit @site: whether it was there before, and resumes now. @cfa: see met_again.h. */
bool goroutine_meets(const struct process *process, taddr_t goroutine, taddr_t site, taddr_t cfa);

#endif
