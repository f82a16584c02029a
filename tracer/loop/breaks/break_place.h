/*
 * Where breaks are: the functions of --break-in, and the stops at which a thread can be kept (loop layer).
 *
 * With --break-in a condition is looked at only while a call of such a function is open, and without a condition each of
 * its entries is a break. Elsewhere any stop of a probe will do, and samples, at which nobody is stopped.
 */
#ifndef LOOP_BREAKS_BREAK_PLACE_H
#define LOOP_BREAKS_BREAK_PLACE_H

#include "tracer/loop/state/session.h"
#include "tracer/probe/image.h"

/* Whether breaks are in some functions only. */
bool break_place_is_limited(const struct break_settings *settings);

/*
 * @tracee has hit @site at its roles @played, all of which have been played: when something is due here, it is to be
 * kept. The sites of a function of --break-in stay traps: a jump stops nobody.
 */
void break_place_hit(struct session *session, struct tracee *tracee, struct site *site,
		     unsigned played);

/* @tracee has been dealt with but for being resumed: whether it stays where it is. */
bool break_place_keeps(const struct tracee *tracee);

/* A thread of @process with a call of such a function; NULL: there is none. Where breaks are not limited, any thread. */
struct tracee *break_place_thread(const struct break_settings *settings,
				  const struct process *process);

#endif
