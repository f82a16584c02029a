/*
 * What a stopped thread of a Go program shows of its goroutine (loop layer).
 */
#ifndef LOOP_CALLS_GO_STOP_H
#define LOOP_CALLS_GO_STOP_H

#include "tracer/loop/calls/site_event.h"
#include "tracer/tracee/target.h"

/* The goroutine on whose stack @tracee, in a stop, stands with @sp; 0: none. */
taddr_t go_stop_goroutine(const struct tracee *tracee, taddr_t sp);

/* @tracee has entered runtime.copystack: the goroutine that it is about; 0: one in no probed function. */
struct error *go_stop_copy_begins(const struct tracee *tracee, const struct site_event *event,
				  taddr_t *ret) MUST_CHECK;

/* That call has returned: frames of @goroutine have been moved. */
void go_stop_copy_ends(const struct tracee *tracee, taddr_t goroutine);

#endif
