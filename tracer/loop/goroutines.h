/*
 * The calls of Go programs (loop layer).
 *
 * A goroutine moves between threads, and the runtime copies its stack to another place when it must
 * grow, or may shrink: its calls are kept by goroutine, not by thread, and their frames follow the
 * copy, which runtime.copystack makes. A function that found too little stack begins anew after
 * that, in the same frame: no second call.
 */
#ifndef LOOP_GOROUTINES_H
#define LOOP_GOROUTINES_H

#include "tracer/loop/session.h"
#include "tracer/probe/call_stack.h"
#include "tracer/probe/inner_call.h"

/*
 * The calls of the goroutine on whose stack @tracee, in a stop, stands with @sp: made when @makes.
 * *@ret is NULL when there are none yet, or when it runs no goroutine.
 */
struct error *goroutine_calls(struct tracee *tracee, taddr_t sp, bool makes,
			      struct call_stack **ret) MUST_CHECK;

/* @tracee has entered runtime.copystack at @site; it returns from there. */
struct error *goroutine_copy_begins(struct tracee *tracee, const struct site *site,
				    taddr_t sp) MUST_CHECK;
struct error *goroutine_copy_ends(struct tracee *tracee, const struct inner_call *copy) MUST_CHECK;

#endif
