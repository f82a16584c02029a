/*
 * The budget of --max-overhead (loop layer): looks now and then at what recording costs the program, and drops the most expensive
 * probes, or has their calls summed up, until the rest is within it. Does nothing where there is no budget.
 */
#ifndef LOOP_OVERHEAD_OVERHEAD_H
#define LOOP_OVERHEAD_OVERHEAD_H

#include "tracer/loop/state/session.h"

/* Measures this machine. No child of ours may be traced yet. */
void overhead_begin(struct session *session);
void overhead_deinit(struct session *session);

/* A look, in the event loop; there should be one within overhead_patience_ns (-1: whenever). */
struct error *overhead_look(struct session *session) MUST_CHECK;
int64_t overhead_patience_ns(const struct session *session);

/* At the end: tells the user what has been done, and writes down once more which calls are exact. */
void overhead_tell(struct session *session);

#endif
