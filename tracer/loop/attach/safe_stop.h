/*
 * Stops one thread in a way that its program does not feel, for what must be injected at attach (loop layer).
 */
#ifndef LOOP_ATTACH_SAFE_STOP_H
#define LOOP_ATTACH_SAFE_STOP_H

#include "tracer/loop/state/session.h"

/*
 * A thread of @process that computes, sleeps lightly, or was in a stop of its own, now stopped; NULL in *@ret: there was none
 * within some milliseconds. What other threads report meanwhile is dealt with.
 */
struct error *safe_stop_stop(struct session *session, const struct process *process,
			     struct tracee **ret) MUST_CHECK;

/* Resumes it. */
struct error *safe_stop_resume(struct session *session, struct tracee *tracee) MUST_CHECK;

#endif
