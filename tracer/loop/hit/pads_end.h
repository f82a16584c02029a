/*
 * A memory that there can be no pads in any more (loop layer): its jumps become traps.
 */
#ifndef LOOP_HIT_PADS_END_H
#define LOOP_HIT_PADS_END_H

#include "tracer/tracee/target.h"

/*
 * @tracee is about to lock all memory of its process: what pads write to is no part of that. Where other threads may
 * be in pads, it must be.
 */
struct error *pads_memory_locked(struct tracee *tracee) MUST_CHECK;

/* There can be no pads in the memory of @process any more, because of @why, a literal. */
struct error *pads_give_up(const struct process *process, const char *why) MUST_CHECK;

#endif
