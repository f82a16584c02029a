/*
 * Growth where the kernel refuses perf events (loop layer): found when memory is read for other reasons, and charged to the
 * recorded calls that were open meanwhile.
 *
 * It comes in steps: less than one is left to the next reading. Of several threads the one that is asked for gets it all.
 */
#ifndef LOOP_GROWTH_GROWTH_READINGS_H
#define LOOP_GROWTH_GROWTH_READINGS_H

#include "tracer/loop/state/session.h"

/* Whether @process, which has @bytes now, has grown by a step: then growth_readings_charge is to be called. */
bool growth_readings_are_due(const struct session *session, struct process *process,
			     uint64_t bytes);

/* @names: of the calls that were open until now, the outermost first; none: it was in no recorded call. */
void growth_readings_charge(struct session *session, struct process *process, uint64_t bytes,
			    const char *const *names, size_t count);

#endif
