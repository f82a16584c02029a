/*
 * The sites of probes that are dropped go (loop layer), while the program runs: entries at once, and where calls return
 * as soon as nobody waits for them any more.
 */
#ifndef LOOP_OVERHEAD_DROPPED_SITES_H
#define LOOP_OVERHEAD_DROPPED_SITES_H

#include "tracer/loop/state/session.h"

/*
 * Takes away what dropped probes still have in all memories. *@ret_rest: some of it must wait; call it again. What pads
 * have recorded should have been taken: what they record from now on is of no site.
 */
struct error *dropped_sites_remove(struct session *session, bool *ret_rest) MUST_CHECK;

#endif
