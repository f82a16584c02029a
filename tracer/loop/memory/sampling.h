/*
 * Memory of all processes, at ticks and at turning points of their lives (loop layer).
 */
#ifndef LOOP_MEMORY_SAMPLING_H
#define LOOP_MEMORY_SAMPLING_H

#include "tracer/loop/session.h"

/*
 * @passed points of the grid have come, one as a rule: all processes; also writes down open calls, and
 * flushes the file at least every tenth of a second.
 */
void sampling_tick(struct session *session, uint64_t passed);

/*
 * One process, at its start or end; the whole tree when its sum is wanted, of a dear metric at the main
 * process's only.
 */
void sampling_take_one(struct session *session, struct process *process);

/* A kernel high-water mark has been read. */
void sampling_note_peak(struct session *session, const struct process *process, uint64_t bytes);

#endif
