/*
 * What a run tells its user on stderr: what matched, what was hit, what was not (loop layer).
 */
#ifndef LOOP_SUMMARY_H
#define LOOP_SUMMARY_H

#include "tracer/loop/state/session.h"

/*
 * All libraries of the main process are mapped: says which patterns match nothing yet, and the names
 * nearest to them. Once.
 */
void summary_tell_start(struct session *session);

/* --strict has refused the start: which pattern matches nothing, and that nothing has run. */
struct error *summary_refusal(const struct session *session) MUST_CHECK;

/* The end of a run; also writes the MISS records. */
void summary_tell_end(struct session *session);

/* Whether there were patterns and not one has matched. */
bool summary_all_missed(const struct session *session);

#endif
