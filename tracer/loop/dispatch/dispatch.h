/*
 * stop -> action -> resume (loop layer).
 */
#ifndef LOOP_DISPATCH_DISPATCH_H
#define LOOP_DISPATCH_DISPATCH_H

#include <sys/resource.h>

#include "tracer/loop/state/session.h"
#include "tracer/loop/dispatch/stop.h"

/*
 * Handles one wait result and resumes the thread. @usage is wait4's. A tracee that vanished meanwhile
 * is no error.
 */
struct error *dispatch_stop(struct session *session, const struct stop *stop,
			    const struct rusage *usage) MUST_CHECK;

/* Deals with all stops that there are now, without waiting for any. */
struct error *dispatch_pending(struct session *session) MUST_CHECK;

#endif
