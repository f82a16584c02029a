/*
 * Which sites become jumps, and when (loop layer): those that are hit often, as soon as that is safe.
 */
#ifndef LOOP_HIT_HEAT_H
#define LOOP_HIT_HEAT_H

#include "tracer/loop/state/session.h"

/*
 * @tracee has hit @site, by its trap, and all that follows has been done; it is still in that stop. What cannot be
 * done is no error: the site stays a trap.
 */
struct error *heat_hit(struct session *session, struct tracee *tracee,
		       struct site *site) MUST_CHECK;

/*
 * @tracee is about to get @signal with its pc, of the original program, at @pc. A handler may return there at any time:
 * no jump may displace what is around it.
 */
void heat_signal(const struct tracee *tracee, taddr_t pc);

/*
 * @tracee is about to lock all memory of its process: what pads write to is no part of that. Where other threads may
 * be in pads, it must be.
 */
struct error *heat_memory_locked(struct tracee *tracee) MUST_CHECK;

/* There can be no pads in the memory of @process any more, because of @why, a literal. */
struct error *heat_give_up(struct session *session, const struct process *process,
			   const char *why) MUST_CHECK;

#endif
