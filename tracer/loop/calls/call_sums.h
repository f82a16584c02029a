/*
 * What the calls of each pattern come to, for the end of a run (loop layer).
 *
 * An *outer* call is not within another call of its pattern's functions on its thread: recursion counts once, in time and
 * in memory. A call that has come with a fork is its parent's: of these only the number is kept.
 */
#ifndef LOOP_CALLS_CALL_SUMS_H
#define LOOP_CALLS_CALL_SUMS_H

#include "tracer/loop/pairing/call_stack.h"
#include "tracer/probe/probe_set.h"

/* @call, in @stack, has just been entered. Sets what it lies within. */
void call_sums_begin(struct probe_set *set, const struct call_stack *stack, struct call *call);

/* It has ended, at @end. */
void call_sums_end(const struct probe_set *set, const struct call *call,
		   const struct call_event *end);

/* @count calls of @probe were summed up where they were made, all with the same memory. */
void call_sums_add(struct probe_set *set, const struct probe *probe, uint64_t count,
		   int64_t total_ns);

#endif
