/*
 * What each role of a site that has been hit asks for (loop layer): the table of roles.
 */
#ifndef LOOP_HIT_ROLES_H
#define LOOP_HIT_ROLES_H

#include "tracer/loop/state/session.h"

/*
 * @tracee has hit @site, with @sp: what its roles ask for is done. *@ret_is_placed is set when the
 * thread's registers have been set to run something else before the displaced instruction.
 */
struct error *roles_play(struct session *session, struct tracee *tracee, struct site *site,
			 taddr_t sp, bool *ret_is_placed) MUST_CHECK;

#endif
