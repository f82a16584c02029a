/*
 * What a run tells its user on stderr: what matched, what was hit, what was not (loop layer).
 */
#ifndef LOOP_SUMMARY_H
#define LOOP_SUMMARY_H

#include "tracer/loop/session.h"

/*
 * All libraries of @process are mapped: says, once for the main process, which patterns match
 * nothing yet, and the names nearest to them.
 */
void summary_tell_start(struct session *session, const struct process *process);

/* The end of a run; also writes the MISS records. */
void summary_tell_end(struct session *session);

/* Whether there were patterns and not one has matched. */
bool summary_all_missed(const struct session *session);

#endif
