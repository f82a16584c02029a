/*
 * Calls of functions that are watched for our own sake, up to their return (probe layer).
 *
 * No probe belongs to them and nothing of them is recorded: their arguments and results tell where
 * probed functions are (ifunc.h), and where their frames have gone (goroutines.h in loop/).
 */
#ifndef PROBE_INTERNAL_CALL_H
#define PROBE_INTERNAL_CALL_H

#include "tracer/probe/image.h"

struct internal_call {
	taddr_t site; /* the function's first instruction */
	taddr_t cfa;
	taddr_t object;			/* a goroutine whose stack is being copied; … */
	uint64_t stack_low, stack_high; /* … and where that was */
};
enum { INTERNAL_CALLS_MAX = 4 };

/* Those of one thread; zeroed: none. */
struct internal_calls {
	unsigned count;
	struct internal_call all[INTERNAL_CALLS_MAX];
};

/*
 * @tracee, whose calls are @calls, has entered the function at @site, with @sp: begins a call, and puts
 * a site at its return. *@ret is for the caller to write into, and valid until the next one.
 */
struct error *internal_call_enter(struct internal_calls *calls, struct tracee *tracee,
				  const struct site *site, taddr_t sp,
				  struct internal_call **ret) MUST_CHECK;

/* A thread is at a SITE_INTERNAL_RETURN, with @sp; false: none of its @calls returns there. */
bool internal_call_return(struct internal_calls *calls, taddr_t sp, struct internal_call *ret);

#endif
