/*
 * Memory of all processes, at ticks and at turning points of their lives (loop layer).
 */
#ifndef LOOP_MEMORY_SAMPLING_H
#define LOOP_MEMORY_SAMPLING_H

#include "tracer/loop/state/session.h"

/* All processes, at a tick. @records_each: not only their sum, where that is recorded. */
void sampling_take_all(struct session *session, bool records_each);

/*
 * One process, at its start or end; the whole tree when its sum is wanted, of an expensive metric at the main
 * process's only.
 */
void sampling_take_one(struct session *session, struct process *process);

/* Memory of @process has been read, or the kernel's high-water mark of it. */
void sampling_note_peak(struct session *session, const struct process *process, uint64_t bytes);

#endif
