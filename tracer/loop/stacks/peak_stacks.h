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

#include <stdio.h>

#include "tracer/loop/state/session.h"

/*
 * A tick: all processes have been sampled. Whether any has a new mark: then peak_stacks_tick is to follow, once what has
 * grown is known.
 */
bool peak_stacks_look(struct session *session);
void peak_stacks_tick(struct session *session);

/* Likewise, @tracee is in a stop at a probe, and its process's memory has been read for that. */
bool peak_stacks_look_stopped(const struct session *session, struct process *process);
void peak_stacks_stop(struct session *session, struct process *process);

/*
 * The program of @process has come to its end, or has been replaced, and had @peak_bytes at most. What it was doing then is
 * not known any more, what has grown is.
 */
void peak_stacks_end(struct session *session, struct process *process, uint64_t peak_bytes);

/* Its memory is another now: marks begin anew. */
void peak_stacks_forget(struct process *process);

/* Where stacks are listed as well, for people. */
struct stack_listing {
	FILE *out;
	pid_t tid; /* of this thread alone; 0: of all */
};

/* A break, with @bytes of memory: the stacks of all threads, likewise. @listing: NULL: none. */
void peak_stacks_at_break(struct session *session, struct process *process, uint64_t bytes,
			  const struct stack_listing *listing);

/* Thread @tid of @process, among others, has got @bytes more, by the stack @node (stacks.h). */
void peak_stacks_grew(struct session *session, struct process *process, pid_t tid, uint32_t node,
		      uint64_t bytes);

#endif
