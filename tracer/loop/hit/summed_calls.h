/*
 * The calls of hot functions that pads sum up (loop layer): which, up to which length, and what came of it.
 *
 * A function whose calls are condensed in the file (--max-calls) need not tell us each of them: what is not one of its
 * longest goes into a sum of its thread's, without a record. A call that lasts long leaves its record all the same,
 * so that its start is known while it lasts.
 */
#ifndef LOOP_HIT_SUMMED_CALLS_H
#define LOOP_HIT_SUMMED_CALLS_H

#include "tracer/loop/state/session.h"

/* @record, of an entry of @tracee at @entry, was in @ring. */
struct error *summed_calls_entry(struct session *session, const struct tracee *tracee,
				 struct ring *ring, const struct arch_pad_record *record,
				 struct site *entry) MUST_CHECK;

/* Likewise of a return at @behind; records come in their order. */
struct error *summed_calls_return(struct image *image, struct ring *ring,
				  const struct arch_pad_record *record,
				  struct site *behind) MUST_CHECK;

/*
 * @tracee, whose call at @site has been told to us, is about to be interrupted in front of the function's first instruction: a
 * pad records that call once more. It leaves its records then, which tell that it is the same one; in a sum it would be
 * another.
 */
struct error *summed_calls_interrupt(const struct tracee *tracee,
				     const struct site *site) MUST_CHECK;

/* Whether it is time to look at the sums of all memories. */
bool summed_calls_are_due(struct session *session);

/* Takes what the threads in @space had summed up by the time before. */
struct error *summed_calls_take(struct session *session, struct address_space *space) MUST_CHECK;

/* All of @ring, whose thread is stopped, and sums nothing up any more. */
struct error *summed_calls_take_last(struct session *session, const struct process *process,
				     struct ring *ring) MUST_CHECK;

/* Of all threads in the memory of @process, which is about to go. */
struct error *summed_calls_take_all(struct session *session,
				    const struct process *process) MUST_CHECK;

#endif
