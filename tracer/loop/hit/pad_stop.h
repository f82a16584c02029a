/*
 * Threads that stop within a pad (loop layer).
 */
#ifndef LOOP_HIT_PAD_STOP_H
#define LOOP_HIT_PAD_STOP_H

#include "tracer/probe/image.h"

/* The site whose pad has its trap at @at; NULL: none. */
struct site *pad_stop_site(const struct image *image, taddr_t at);

/*
 * @tracee, in a stop that is none of a pad's trap, has its pc in a pad, in front of the displaced code: its registers
 * become the program's own, at the site, or, when the record has been published, at the displaced code. *@ret_pc
 * is its pc then; it is left as it is when the thread is elsewhere.
 */
struct error *pad_stop_leave(const struct tracee *tracee, taddr_t *ret_pc) MUST_CHECK;

/*
 * @tracee stops for the last time: it has been killed. What it has taken back from its ring for a sum goes there; its
 * registers stay as they are.
 */
struct error *pad_stop_settle(const struct tracee *tracee) MUST_CHECK;

/*
 * @tracee is in the signal-delivery-stop of @signal: if that is a fault that a pad has met, there is a thread without
 * what all others have, or its stack is used up. It goes back to the site, where there is a trap from now on, as
 * everywhere in its memory. Otherwise *@ret_is_ours is false.
 */
struct error *pad_stop_fault(struct tracee *tracee, int signal, bool *ret_is_ours) MUST_CHECK;

/*
 * @tracee has got a SIGTRAP that is no hit. Where it has jumped wildly between our pads, what is there is ours, and
 * traps; without us nothing would be there: *@signal becomes SIGSEGV, and so does what the handler is told.
 */
struct error *pad_stop_wild(const struct tracee *tracee, int *signal) MUST_CHECK;

#endif
