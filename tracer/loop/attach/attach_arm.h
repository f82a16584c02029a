/* The first traps in a process that is attached to (loop layer). */
#ifndef LOOP_ATTACH_ATTACH_ARM_H
#define LOOP_ATTACH_ATTACH_ARM_H

#include "tracer/loop/state/session.h"

/*
 * Writes what has been prepared in @process, which has a memory of its own. Its libraries have come and gone while it was
 * prepared: what is there now is what counts.
 */
struct error *attach_arm(struct session *session, struct process *process) MUST_CHECK;

#endif
