/*
 * The calls of Go programs (loop layer).
 *
 * A goroutine moves between threads, and the runtime copies its stack to another place when it must
 * grow, or may shrink: its calls are kept by goroutine, not by thread, and their frames follow the
 * copy, which runtime.copystack makes. A function that found too little stack begins anew after
 * that, in the same frame: no second call. Nor is it one when a goroutine from which a signal takes the
 * processor (runtime.asyncPreempt) goes on at a function's first instruction; it does go on, for
 * nothing can be thrown past from there.
 */
#ifndef LOOP_CALLS_GOROUTINES_H
#define LOOP_CALLS_GOROUTINES_H

#include "tracer/loop/state/session.h"
#include "tracer/loop/calls/call_stack.h"
#include "tracer/probe/internal_call.h"

/*
 * The calls of the goroutine on whose stack @tracee, in a stop, stands with @sp: made when @makes.
 * *@ret is NULL when there are none yet, or when it runs no goroutine.
 */
struct error *goroutine_calls(struct tracee *tracee, taddr_t sp, bool makes,
			      struct call_stack **ret) MUST_CHECK;

/* @tracee has entered runtime.copystack at @site; it returns from there. */
struct error *goroutine_copy_begins(struct tracee *tracee, const struct site *site,
				    taddr_t sp) MUST_CHECK;
struct error *goroutine_copy_ends(struct tracee *tracee,
				  const struct internal_call *copy) MUST_CHECK;

/*
 * The processor is taken from the goroutine that @tracee runs, which has hit @site, but not executed
 * what is there: it will hit it again, on any thread. @cfa: as if a function began there. Does
 * nothing when it runs none.
 */
void goroutine_put_off(struct tracee *tracee, taddr_t site, taddr_t cfa);
/* @tracee has hit @site: whether its goroutine was there before, and now goes on. */
bool goroutine_goes_on(struct tracee *tracee, taddr_t site, taddr_t cfa);

#endif
