/*
 * The calls that were active already when a process was attached to (loop layer).
 *
 * They are found by unwinding. A thread that sleeps is unwound as it is, by its pc and stack pointer;
 * where that does not suffice, or it runs, at its first stop, which may be one at the place where it
 * wakes up. It is interrupted only where it cannot feel it.
 */
#ifndef LOOP_CALLS_CALLS_AT_ATTACH_H
#define LOOP_CALLS_CALLS_AT_ATTACH_H

#include "tracer/loop/state/session.h"

/* All sites are in: reads what can be read at once, and notes which threads are still unread. */
void calls_at_attach_begin(struct session *session);

/* Likewise of one process, to which it has been attached while others are being recorded. */
void calls_at_attach_begin_again(struct session *session, struct process *process);

/* Looks again at the threads that are still unread. */
void calls_at_attach_look(struct session *session);

/* Whether it is worth while to look again in a millisecond or two. */
bool calls_at_attach_are_wanted(const struct session *session);

/* @tracee, whose calls are unread, is in its first stop. */
void calls_at_attach_read_stopped(struct session *session, struct tracee *tracee);

/* A thread has hit the SITE_WAKEUP @site: one that it does not await, or whose calls have just been read. */
struct error *calls_at_attach_passed(struct image *image, struct site *site) MUST_CHECK;

#endif
