/*
 * First stops of threads that their parents have not announced yet (loop layer).
 *
 * A new thread's first stop can come before its parent's event: it waits then, stopped. Resumed early, a
 * forked child would run into traps that nothing is known of.
 */
#ifndef LOOP_DISPATCH_EARLY_STOPS_H
#define LOOP_DISPATCH_EARLY_STOPS_H

#include "tracer/loop/dispatch/stop.h"
#include "tracer/loop/state/session.h"

/* @stop is that of a thread that nothing is known of; what an abandoned child was awaited for is done. */
struct error *early_stop_keep(struct session *session, const struct stop *stop) MUST_CHECK;

/* The stop of @tid, which is not kept any more; false: there is none. */
bool early_stop_take(struct session *session, pid_t tid, struct stop *ret);

/* One of the threads that have become known otherwise than by their parents; 0: there is none. */
pid_t early_stops_find_known(const struct session *session);

/*
 * A child of @parent that could not be taken in is let go, without our traps: at its first stop, now or
 * when it comes.
 */
void early_stop_abandon(struct session *session, const struct process *parent, pid_t tid,
			bool is_vfork);

#endif
