/*
 * What pads have not found, and therefore trap (loop layer): a thread's ring, a caller, room for a record.
 */
#ifndef LOOP_HIT_PAD_WANTS_H
#define LOOP_HIT_PAD_WANTS_H

#include "tracer/loop/state/session.h"

/*
 * @tracee, stopped in the trap of the pad of @site, has not found what the pad wants: its ring, or its return
 * address among those known. The hit has been dealt with.
 */
struct error *pad_wants_serve(struct session *session, struct tracee *tracee,
			      struct site *site) MUST_CHECK;

#endif
