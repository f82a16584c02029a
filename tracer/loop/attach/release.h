/*
 * Lets the whole target go, with its own bytes (loop layer).
 */
#ifndef LOOP_ATTACH_RELEASE_H
#define LOOP_ATTACH_RELEASE_H

#include "tracer/loop/state/session.h"
#include "tracer/loop/dispatch/stop.h"

/*
 * Removes all sites, so that no thread can meet a trap of ours any more, and leads threads out of the
 * slots. A thread that sleeps in a system call is not woken: it is forgotten here, and goes free when this
 * process exits; until then release_stray must be called for what they report. The others are detached.
 * The slots are unmapped if a thread was stopped that could do it. Open calls end as "open".
 * Afterwards the target is empty. Threads that end meanwhile are no error.
 */
struct error *release_all(struct session *session) MUST_CHECK;

/* Detaches a thread that was forgotten, at a stop of it. */
void release_stray(const struct stop *stop);

#endif
