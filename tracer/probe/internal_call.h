/*
 * Calls of functions that are watched for our own sake, up to their return (probe layer).
 *
 * No probe belongs to them and nothing of them is recorded: their arguments and results tell where
 * probed functions are (ifunc.h), and where their frames have gone (goroutines.h in loop/).
 */
#ifndef PROBE_INTERNAL_CALL_H
#define PROBE_INTERNAL_CALL_H

#include "tracer/probe/image.h"

/*
 * @tracee has entered the function at @site, with @sp: begins a call, with a site where it
 * returns. *@ret is for the caller to write into, and valid until the next call of @tracee's.
 */
struct error *internal_call_enter(struct tracee *tracee, const struct site *site, taddr_t sp,
				  struct internal_call **ret) MUST_CHECK;

/* @tracee is at a SITE_INTERNAL_RETURN, with @sp; false: no call returns there. */
bool internal_call_return(struct tracee *tracee, taddr_t sp, struct internal_call *ret);

#endif
