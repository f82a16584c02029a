/*
 * Page faults of running threads, with their stacks, as a software event of perf_event_open(2) (perf layer).
 *
 * No thread is stopped, and no sleeper woken. The kernel writes each N-th fault of a thread into a buffer of
 * its CPU, and what maps code, executes programs, forks and ends beside it. Threads and processes that those
 * we have added make later are there by themselves (inherit). N is 1, or what the caller has chosen for times
 * when faults come fast: both kinds of events exist from the start, and one of them is enabled, since only that
 * can be changed of inherited ones (PERF_EVENT_IOC_PERIOD knows the first one alone).
 *
 * An ordinary user is refused what happens in the kernel (perf_event_paranoid, proc(5)): faults of system calls,
 * as read(2) into memory that was never touched, are then not seen.
 */
#ifndef PERF_FAULT_EVENTS_H
#define PERF_FAULT_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/perf/perf_record.h"
#include "tracer/perf/perf_ring.h"

struct fault_events_options {
	size_t stack_bytes;  /* of each stack, at most; a multiple of 8, below 2^16 with the rest */
	size_t ring_bytes;   /* of each CPU; where so much is not allowed it is less */
	size_t wakeup_bytes; /* with so much in one, epoll_fd tells */
	uint64_t coarse_faults; /* N when faults come fast; 1: each fault is told of, always */
	uint64_t fine_faults;	/* N otherwise; 0 is 1 */
};

struct fault_event {
	int fine_fd, coarse_fd; /* of each fault, of each N-th; -1: there is none */
};

struct fault_events {
	struct fault_events_options options;
	int epoll_fd; /* readable when there is something to be taken; edge-triggered */
	size_t cpu_count;
	struct perf_ring *rings;    /* by CPU; one that is offline has none. Owned */
	struct fault_event *events; /* of all threads and CPUs. Owned */
	size_t event_count, event_capacity;
	uint64_t *last_faults;	    /* by ring: what its last fault stood for. Owned */
	struct addr_map coarse_ids; /* id -> any value: those of coarse events */
	bool is_coarse;		    /* each N-th fault is told of, not each */
	bool excludes_kernel;	    /* faults in system calls are not seen */
};

struct error *fault_events_init(struct fault_events *events,
				const struct fault_events_options *options) MUST_CHECK;
void fault_events_deinit(struct fault_events *events); /* of a zeroed one, too */

/*
 * Thread @tid is looked at from now on, or from its next exec on, and what it makes. ERR_GONE: it has ended. Any
 * other error says why the kernel refuses it, and nothing of the thread is looked at then.
 */
struct error *fault_events_add(struct fault_events *events, pid_t tid, bool at_exec) MUST_CHECK;

/* From now on each fault is told of, or each N-th. */
void fault_events_choose(struct fault_events *events, bool is_coarse);

struct fault_events_visitor {
	/*
	 * Told of all that are there but faults, before the first visit and in no order, so that it is known what is to come. NULL:
	 * nobody wants to know.
	 */
	void (*foresee)(void *context, const struct perf_record *record);
	/* @ring is the index of the record's buffer. */
	struct error *(*visit)(void *context, const struct perf_record *record, size_t ring);
	void *context;
};

/*
 * Visits each record that was written before this call, in order of time, and forgets it. The first error ends it.
 */
struct error *fault_events_take(struct fault_events *events,
				const struct fault_events_visitor *visitor) MUST_CHECK;

#endif
