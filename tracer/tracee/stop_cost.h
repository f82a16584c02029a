/*
 * What a stop costs on this machine, without anything being done in it (tracee layer).
 */
#ifndef TRACEE_STOP_COST_H
#define TRACEE_STOP_COST_H

#include <stdint.h>

#include "tracer/base/error.h"

struct stop_cost {
	int64_t wall_ns; /* from one stop to the next, of a thread that does nothing in between */
	int64_t cpu_ns; /* of that, what the kernel counts as the thread's own CPU time; not above @wall_ns */
};

/*
 * Traces a child of ours that executes traps, some hundred of them: a matter of milliseconds. No other child of ours may
 * be traced yet. Fails where that cannot be done.
 */
struct error *stop_cost_measure(struct stop_cost *ret) MUST_CHECK;

#endif
