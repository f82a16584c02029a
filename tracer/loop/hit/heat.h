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
 * @tracee has met @site, where lines begin, and that is not told yet. A trap that has been met more often than each time is to
 * be read may tell of other lines, too, from now on, so that it can become a jump.
 */
struct error *heat_line(struct session *session, struct tracee *tracee,
			struct site *site) MUST_CHECK;

/*
 * @tracee is about to get @signal with its pc, of the original program, at @pc. A handler may return there at any time:
 * no jump may displace what is around it.
 */
void heat_signal(const struct tracee *tracee, taddr_t pc);

#endif
