/*
 * Calls of functions that are watched for our own sake (loop layer).
 *
 * Their arguments and results tell where probed functions are (ifunc.h), and where the frames of a
 * goroutine have gone. They are paired as all calls are, but on a stack of their own: a resolver may be
 * probed itself, and has the same frame then. No probe belongs to them, they count for no level, and
 * nothing of them is recorded.
 */
#ifndef LOOP_CALLS_INTERNAL_CALLS_H
#define LOOP_CALLS_INTERNAL_CALLS_H

#include "tracer/loop/calls/site_event.h"
#include "tracer/tracee/target.h"

/* @tracee has entered the function at @event's site. @object: what the call is about, or 0. */
struct error *internal_calls_enter(struct tracee *tracee, const struct site_event *event,
				   taddr_t object) MUST_CHECK;

/* @tracee is at a SITE_INTERNAL_RETURN. *@ret: the call that has returned there. False: none has. */
bool internal_calls_return(struct tracee *tracee, const struct site_event *event, struct call *ret);

/* @child has been forked by @parent. */
struct error *internal_calls_fork(struct tracee *child, const struct tracee *parent) MUST_CHECK;

/* The thread ends, or executes another program. */
void internal_calls_end(struct tracee *tracee);

#endif
