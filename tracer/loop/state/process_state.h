/*
 * What the rooms of the loop layer keep of each process (loop layer, ground floor).
 *
 * It is the state in struct process: zeroed when the process becomes known, freed when it is forgotten.
 * Each struct belongs to the room that its name says; the others leave it alone or ask that room.
 */
#ifndef LOOP_STATE_PROCESS_STATE_H
#define LOOP_STATE_PROCESS_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/loop/state/met_again.h"
#include "tracer/sample/sampler.h"

struct call_stack; /* calls/call_stack.h owns the type */

struct process_hit_state {
	uint64_t trap_handler; /* the program's own for SIGTRAP: 0 default, 1 ignored */
	bool is_no_init;       /* known not to be the first process of a PID namespace */
};

struct process_calls_state {
	struct call_stack *orphans;	 /* calls on stacks of fibers whose last thread has ended */
	struct addr_map goroutines;	 /* address of a goroutine -> its struct goroutine, owned */
	struct met_again_list met_again; /* sites that goroutines will hit once more */
	int64_t attached_ns; /* when it was attached to, and the memory that it had then */
	uint64_t attached_bytes;
};

/* What we ourselves have added to the memory of a process. */
struct process_added {
	uint64_t recorded_bytes;    /* as last written down */
	uint64_t weighed_bytes;	    /* by the kernel's figures, where our books do not suffice */
	uint64_t version;	    /* of our pages, when they were last looked at */
	int64_t looked_ns, cost_ns; /* when, and how long it took */
};

struct process_memory_state {
	struct sampled_process sampled;
	uint64_t peak_bytes; /* of one that is sampled and not traced, as last read */
	struct process_added added;
};

struct process_state {
	struct process_hit_state hit;
	struct process_calls_state calls;
	struct process_memory_state memory;
};

#endif
