/*
 * Lets the whole target go, with its own bytes (loop layer).
 */
#ifndef LOOP_RELEASE_H
#define LOOP_RELEASE_H

#include "tracer/loop/session.h"

/*
 * Stops every thread, leads it out of slots, removes all sites, detaches. Open calls end as "open".
 * Afterwards the target is empty. Threads that end meanwhile are no error.
 */
struct error *release_all(struct session *session) MUST_CHECK;

#endif
