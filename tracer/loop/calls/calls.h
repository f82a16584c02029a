/*
 * The calls of all threads, from the events of sites to the recorder (loop layer).
 */
#ifndef LOOP_CALLS_CALLS_H
#define LOOP_CALLS_CALLS_H

#include "tracer/loop/calls/site_event.h"
#include "tracer/loop/state/session.h"

/*
 * @event has happened to @tracee: calls begin or end. *@ret_is_taken, with EVENT_RETURN: whether a call
 * has returned there; with EVENT_MARK: that the call which ends was found, or has no id. Its own calls are looked at, then those of other threads of its process: a fiber
 * may have moved. Its time becomes that of the thread's last event, if it would be earlier.
 */
struct error *calls_take(struct session *session, struct tracee *tracee, struct site_event *event,
			 bool *ret_is_taken) MUST_CHECK;

/* What can be known of an event before its time and memory are read: whether any call is open where @tracee is. */
bool calls_has_any(struct tracee *tracee, const struct site_event *event);

/* In any thread of @space: whether a call is open that will return to @behind; that is of @probe. */
bool calls_await_return(const struct address_space *space, taddr_t behind);
bool calls_are_open(const struct address_space *space, const struct probe *probe);

/*
 * Likewise: whether the function that is entered begins no new call. A signal may have led the thread back to
 * it (@resumes); or the function is a variant (linkage_name_variant) and entered from another variant of it.
 */
bool calls_goes_on(struct tracee *tracee, const struct site_event *event, bool resumes);

/*
 * Likewise, of the code of an inlined function that is entered or left (@event->point), in a frame: whether that
 * changes nothing.
 */
bool calls_pass_inlined(struct tracee *tracee, const struct site_event *event, bool resumes);

/* Whether a call is open on @tracee that another thread may have ended: told by marks that have an id, or a fiber's. */
bool calls_may_end_elsewhere(const struct tracee *tracee);

/*
 * What follows is not told by sites, but by the life of threads: time and memory are read when there are
 * calls that need them.
 */

/* @tracee, in a stop, is about to exit. Calls on other stacks than its own stay with its process. */
void calls_thread_exits(struct session *session, struct tracee *tracee);

/* All calls of a thread end, and those that its process has kept, for a reason other than return. */
void calls_end_thread(struct session *session, struct tracee *tracee, enum call_end how);
void calls_end_orphans(struct session *session, struct process *process, enum call_end how);

/* @child has been forked by @parent, and has its calls as well. */
struct error *calls_fork(struct tracee *child, const struct tracee *parent) MUST_CHECK;

/* Writes down the calls that are open and have not been written down yet. */
void calls_note_open(struct session *session);

/* A tick: growth that no event has told of. */
void calls_growth_tick(struct session *session);

#endif
