/*
 * What the rooms of the loop layer keep of each traced thread (loop layer, ground floor).
 *
 * It is the state in struct tracee: zeroed when the thread becomes known, freed when it is forgotten.
 * Each struct belongs to the room that its name says; the others leave it alone or ask that room.
 */
#ifndef LOOP_STATE_THREAD_STATE_H
#define LOOP_STATE_THREAD_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/taddr.h"
#include "tracer/probe/internal_call.h"
#include "tracer/proc/thread_look.h"

struct call_stack; /* calls/call_stack.h owns the type */

/*
 * A probed function whose first instruction was about to run when a signal came: the handler sees the
 * function's own address, and the site is hit again when it returns. That is no second call.
 */
struct signal_at_site {
	taddr_t site;
	taddr_t cfa;
	int signal;
	bool is_returned; /* the handler has returned to the site */
};

struct hit_state {
	bool is_rewound;		/* in a stop of our trap, and in front of it again */
	bool blocks_trap;		/* the program itself has blocked SIGTRAP */
	struct signal_at_site *signals; /* owned, like those of each fiber on the thread */
	size_t signal_count, signal_capacity;
	unsigned sigreturn_waits; /* system calls to be watched for the return of a handler */
	struct internal_calls internal_calls;
};

struct calls_state {
	struct call_stack *stack; /* NULL: never in a probed function. Owned by calls.h */
	/* Of a thread that was there at attach: */
	bool is_unread; /* it may be in probed functions; which ones is not known yet */
	taddr_t wakeup; /* where a site awaits it for that reason; 0: none */
};

struct release_state {
	bool is_clear;	 /* it cannot meet a trap any more */
	bool is_in_slot; /* it sleeps in a slot */
	bool is_held;	 /* stopped and led out of everything, but not detached yet */
	int held_signal; /* what it gets then */
	int64_t held_since_ns;
};

struct thread_state {
	struct thread_look look; /* what it was last seen doing, without a stop; since when */
	struct hit_state hit;
	struct calls_state calls;
	struct release_state release;
};

#endif
