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
#include "tracer/loop/state/break_settings.h"
#include "tracer/loop/state/met_again.h"
#include "tracer/proc/thread_look.h"

struct call_stack; /* pairing/call_stack.h owns the type */

struct step_out; /* signals/step_out.c owns the type */

/* The signal frames of its stacks. */
enum frames_known {
	FRAMES_KNOWN, /* or none is there from before us */
	FRAMES_UNREAD,
	FRAMES_UNKNOWABLE, /* the stacks are too large to be read */
};

struct hit_state {
	enum frames_known frames;
	struct step_out *step_out; /* NULL: it does not step. Owned */
	bool is_rewound;	   /* in a stop of our trap, and in front of it again */
	bool blocks_trap;	   /* the program itself has blocked SIGTRAP … */
	bool is_mask_old; /* … before we came, for a handler perhaps: it may not do so any more */
	bool has_looked_at_frames; /* for the next */
	taddr_t mask_frame; /* of that handler, which returns to where SIGTRAP is not blocked; 0: none is known */
	uint64_t libc_mask;   /* what it blocked then, if only libc blocks so much; else 0 */
	bool has_got_signal;  /* since its last trap; see fallback_watch.h */
	uint64_t last_mask;   /* of signals, at that trap, without SIGTRAP; likewise */
	unsigned resets_seen; /* process_hit_state.resets, when it was resumed from its last trap */
	bool is_placed;	      /* the next is known */
	taddr_t maker_thread_pointer; /* of the thread that made it, in the same memory, then; 0: not known */
	taddr_t first_thread_pointer; /* when it was made; 0: not known, or none then */
	uint64_t
		clear_stop; /* session's stop_number, when it was last where no jump's window can be */
	struct met_again_list met_again; /* those of each fiber on the thread as well */
	unsigned sigreturn_waits;	 /* system calls that may be the return of a handler */
};

struct calls_state {
	struct call_stack *stack;    /* NULL: never in a probed function. Owned by calls.h */
	struct call_stack *internal; /* likewise; see internal_calls.h */
	int64_t last_event_ns;	     /* time of its last event; 0: there was none */
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

/* Of one whose process dumps core; dispatch/core_dump.h. */
struct dump_state {
	bool is_awaited;  /* it was interrupted for that */
	bool has_stopped; /* it was in another stop then, which is to be fetched, or has been */
	bool is_held;	  /* stopped, and led out of everything that is ours, … */
	bool lives;	  /* … or, for it will run on, where it is, unfelt */
};

/* dispatch/let_go.h */
struct leave_state {
	bool is_interrupted; /* the stop that it is in is one that PTRACE_INTERRUPT has brought about */
};

struct thread_state {
	struct thread_look look; /* what it was last seen doing, without a stop; since when */
	int64_t held_since_ns;	 /* see hold_times.h; 0: it runs, or that is not kept */
	struct hit_state hit;
	struct calls_state calls;
	struct release_state release;
	struct dump_state dump;
	struct leave_state leave;
	struct thread_break_state breaks;
};

#endif
