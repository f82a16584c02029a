/*
 * poll, drain waits, ticks (loop layer).
 */
#ifndef LOOP_EVENT_LOOP_H
#define LOOP_EVENT_LOOP_H

#include "tracer/loop/session.h"

/*
 * Runs until no tracee is left, or the recording is to end early (then release_all is called). The
 * caller has blocked the signals of event_loop_signals.
 */
struct error *event_loop_run(struct session *session) MUST_CHECK;

/* Waits for the end of the main process, which was let go; sets session->main_status. */
void event_loop_wait_main(struct session *session);

/* SIGCHLD, and the signals that are passed on to the program. */
void event_loop_signals(sigset_t *ret);

/*
 * Sent along with a signal (sigqueue): the pid of its sender, or that the terminal has sent it, to the
 * program too.
 */
enum { SIGNAL_FROM_TERMINAL = -1 };

#endif
