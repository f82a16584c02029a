/*
 * The memory of what pads have recorded (loop layer): what the pad has read, as long as --memory-age lets it count;
 * else what is known of the process, which is held then.
 */
#ifndef LOOP_HIT_RING_MEMORY_H
#define LOOP_HIT_RING_MEMORY_H

#include "tracer/loop/pairing/call_stack.h"
#include "tracer/loop/state/session.h"
#include "tracer/probe/patch/pad_area.h"

/* How old, in ticks, memory may be that pads do not read again; UINT64_MAX: they cannot read this metric at all. */
struct memory_ages ring_memory_ages(const struct session *session);

/*
 * Sets the memory of @when, the event of @record of @ring of @pads, in @process. @memory is what was read with it: NULL if
 * nothing was, or if what was read is not known to be the program's own. Records are taken in their order.
 */
void ring_memory_take(struct session *session, const struct process *process,
		      const struct pad_area *pads, struct ring *ring,
		      const struct arch_pad_record *record, const struct arch_pad_memory *memory,
		      struct call_event *when);

/*
 * The memory that the process had during @count calls that the pads of @ring have just summed up, all of them while what
 * was read last was young.
 */
uint64_t ring_memory_summed(struct session *session, const struct process *process,
			    const struct pad_area *pads, const struct ring *ring, uint64_t count,
			    bool *ret_is_held);

#endif
