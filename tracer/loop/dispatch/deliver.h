/*
 * Threads run on behind their stops, with a signal or without (loop layer).
 */
#ifndef LOOP_DISPATCH_DELIVER_H
#define LOOP_DISPATCH_DELIVER_H

#include "tracer/loop/dispatch/stop.h"
#include "tracer/loop/state/session.h"

/* @tracee gets @signal, and runs on: at once, or when it is out of displaced code. */
struct error *deliver(struct session *session, struct tracee *tracee, int signal) MUST_CHECK;

/* Likewise what it is in the signal-delivery-stop of, if that is no doing of ours. */
struct error *deliver_signal(struct session *session, struct tracee *tracee, int signal) MUST_CHECK;

/* @tracee, which steps out of displaced code with a signal in our hands, has stopped. */
struct error *deliver_stepping(struct session *session, struct tracee *tracee,
			       const struct stop *stop) MUST_CHECK;

#endif
