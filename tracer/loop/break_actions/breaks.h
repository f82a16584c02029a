/*
 * What is done about breaks (loop layer): from the event loop, between two stops.
 */
#ifndef LOOP_BREAK_ACTIONS_BREAKS_H
#define LOOP_BREAK_ACTIONS_BREAKS_H

#include "tracer/loop/state/session.h"

/* Does what is due. Processes and threads may be gone afterwards, and others known. */
void breaks_run(struct session *session);

/* A process is with gdb: the recording does not end before gdb does. */
bool breaks_wait(const struct session *session);

/* The recording ends: processes that stand still and wait for gdb to have time for them go on. */
void breaks_end(const struct session *session);

/* At the end: of each condition that never held, the highest that was seen. */
void breaks_tell(const struct session *session);

#endif
