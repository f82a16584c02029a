/*
 * Where the engine runs (loop layer).
 *
 * A stop costs two switches between target and tracer; across two CPUs of a virtual machine each
 * wakes an idle CPU, which makes a stop ten times as expensive. The target's own placement is
 * never touched: while stops come fast, the engine follows it to its CPU, and runs there with
 * SCHED_IDLE, so that the scheduler takes that CPU for free and leaves the target where it is.
 */
#ifndef LOOP_PLACEMENT_H
#define LOOP_PLACEMENT_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct placement {
	bool is_possible; /* we may come back from SCHED_IDLE: sched(7) */
	bool is_following;
	cpu_set_t own_cpus;    /* the affinity we were started with */
	int cpu;	       /* being followed to; -1: none */
	unsigned stops;	       /* since the last look at the target's CPU */
	int64_t looked_ns;     /* when that was */
	int64_t stopped_ns;    /* the last stop */
	int64_t followed_ns;   /* since when we have been following */
	int64_t not_before_ns; /* no following until then */
	int64_t pause_ns; /* how long the next pause is; it grows while following does not pay */
};

/*
 * @goes_first: the target must not wait for us, however busy the machine is. Then, where that is permitted
 * (CAP_SYS_NICE), the engine is a real-time process of the lowest priority instead: between stops it
 * sleeps, and a stop lasts microseconds.
 */
void placement_init(struct placement *placement, bool goes_first);
void placement_deinit(struct placement *placement);

/* A probe of thread @tid was hit. Cheap; looks closer now and then. */
void placement_stop(struct placement *placement, pid_t tid);

/* A tick: back to the usual placement when nothing was hit since the last one. */
void placement_tick(struct placement *placement);

#endif
