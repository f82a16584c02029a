/*
 * Who grew it (loop layer): growth of memory, charged to the stacks that caused it (--stacks=growth).
 *
 * A page fault is growth at the very moment at which it happens. The kernel copies registers and stack of faults for us
 * (perf/fault_events.h): nobody is stopped or woken. What a fault has mapped, a page or a huge one, is looked up a moment
 * later. It is growth alone: what is given back is not taken off.
 */
#ifndef LOOP_GROWTH_GROWTH_H
#define LOOP_GROWTH_GROWTH_H

#include "tracer/loop/state/session.h"

struct growth; /* session->growth; NULL: it was not asked for */

/*
 * What the options ask for. The main process, which stands before its exec, is looked at from that on. Where the kernel
 * refuses it, that is said, and growth is found by readings of memory.
 */
struct error *growth_begin(struct session *session) MUST_CHECK;

/* Likewise all threads of the processes that are attached to. */
struct error *growth_attach(struct session *session) MUST_CHECK;

/* A descriptor that is readable when growth_take should be called soon; -1: there is none. */
int growth_fd(const struct growth *growth);

/* Charges what is there. Where memory for it lacks there is no growth recorded any more, and that is said. */
void growth_take(struct session *session);

/* Likewise, and what was charged is named: peak_stacks.h knows of it. */
void growth_settle(struct session *session);

/* The memory of @process is about to go, with its program: what was taken is named, too. */
void growth_leave(struct session *session, const struct process *process);

/* A tick: takes, and now and then writes down what was charged. */
void growth_tick(struct session *session);

/* Writes down the rest, and says what could not be seen. Nothing is looked at any more. */
void growth_end(struct session *session);

/* Releases session->growth; after that of its events, at the latest. */
void growth_destroy(struct session *session);

#endif
