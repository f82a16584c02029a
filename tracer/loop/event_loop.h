/*
 * poll, drain waits, ticks (loop layer).
 */
#ifndef LOOP_EVENT_LOOP_H
#define LOOP_EVENT_LOOP_H

#include "tracer/loop/state/session.h"

/*
 * Runs until no tracee is left, or the recording is to end early (then release_all is called). The
 * caller has blocked forwarding_signals.
 */
struct error *event_loop_run(struct session *session) MUST_CHECK;

/* Waits for the end of the main process, which was released; sets session->main_status. */
void event_loop_wait_main(struct session *session);

#endif
