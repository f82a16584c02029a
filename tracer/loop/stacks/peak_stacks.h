/*
 * The stacks at new high-water marks of a process's memory: --stacks=peak (loop layer).
 *
 * A mark is noticed at samples and at the stops of probes, and counts when it is a step above the last one. Then the
 * stacks of all threads are recorded: of one that is in a stop or asleep, as it is; of one that runs, that it does. Nobody
 * is interrupted. Where growth is watched (peak_stacks_grew), what has grown most since the last mark is recorded, too:
 * the threads may be long elsewhere by the time of a sample.
 */
#ifndef LOOP_STACKS_PEAK_STACKS_H
#define LOOP_STACKS_PEAK_STACKS_H

#include "tracer/loop/state/session.h"

/* A tick: all processes have been sampled. */
void peak_stacks_tick(struct session *session);

/* @tracee is in a stop at a probe. Its process's memory has been read for that. */
void peak_stacks_stop(struct session *session, struct tracee *tracee);

/* Thread @tid of @process has got @bytes more, by the stack @node (stacks.h). */
void peak_stacks_grew(struct session *session, struct process *process, pid_t tid, uint32_t node,
		      uint64_t bytes);

#endif
