/*
 * What pads have recorded becomes the same site events that stops become (loop layer).
 *
 * Records of one thread are taken in their order, and before any stop of that thread is dealt with; those of all
 * threads of one memory by their time.
 */
#ifndef LOOP_HIT_RING_HITS_H
#define LOOP_HIT_RING_HITS_H

#include "tracer/loop/state/session.h"

/* Takes what @tracee has recorded so far. What cannot be read, of a process that is going, is no error. */
struct error *ring_hits_take(struct session *session, const struct tracee *tracee) MUST_CHECK;

/* Takes what all threads in @space have. */
struct error *ring_hits_take_space(struct session *session, struct address_space *space) MUST_CHECK;

/* Takes what all threads of @process have recorded and summed up: its memory may be about to go. */
struct error *ring_hits_take_last(struct session *session,
				  const struct process *process) MUST_CHECK;

/* Takes everything; *@ret_count says how many records there were. */
struct error *ring_hits_take_all(struct session *session, size_t *ret_count) MUST_CHECK;

/* @tracee is about to end, to execute another program, or to be let go: it must not record any more. */
struct error *ring_hits_end(struct session *session, const struct tracee *tracee) MUST_CHECK;

/*
 * From now on, and until the second call, with @child 0, what @parent's ring gets is the doing of @child, a vfork child.
 * @parent is in a stop.
 */
struct error *ring_hits_lend(struct session *session, const struct tracee *parent,
			     pid_t child) MUST_CHECK;

#endif
