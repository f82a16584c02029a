/*
 * A process stands still for a look at it (loop layer): its threads are where the program has them, out of all that is
 * ours, and go on afterwards where they were.
 */
#ifndef LOOP_BREAK_ACTIONS_BREAK_FREEZE_H
#define LOOP_BREAK_ACTIONS_BREAK_FREEZE_H

#include "tracer/loop/break_actions/break_event.h"

struct frozen_thread; /* break_freeze.c owns the type */

struct break_freeze {
	struct session *session;
	pid_t pid;
	struct frozen_thread *threads; /* Owned */
	size_t count, capacity;
};

/*
 * With @with_sleepers also threads that sleep are stopped, unfelt. Other stops may be dealt with meanwhile: @event's kept
 * thread is NULL when it has been killed, its process when that is gone.
 */
struct error *break_freeze_begin(struct break_event *event, bool with_sleepers,
				 struct break_freeze *ret) MUST_CHECK;

/* Also after an error of the first. But for the thread that was kept before, they run. */
void break_freeze_end(struct break_freeze *freeze);

#endif
