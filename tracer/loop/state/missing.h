/*
 * Patterns that match nothing, at the start and at the end (loop layer).
 */
#ifndef LOOP_STATE_MISSING_H
#define LOOP_STATE_MISSING_H

#include "tracer/loop/state/session.h"

/* Python's functions come to be while the program runs. */
bool pattern_is_pythons(const struct session *session, size_t pattern);

/* Whether nothing that was read so far matches it, and something should by now. */
bool pattern_is_missing(const struct session *session, size_t pattern);

/* --strict, and one of them is. */
bool start_is_refused(const struct session *session);

#endif
