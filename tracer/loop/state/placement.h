/*
 * Where the engine runs (loop layer).
 *
 * A target that has stopped must not wait for us, however busy the machine is: where that is permitted, the
 * engine is a real-time process of the lowest priority (SCHED_RR). It sleeps between stops, and a stop lasts
 * microseconds.
 *
 * A stop costs two switches between target and tracer; across two CPUs of a virtual machine each
 * wakes an idle CPU, which makes a stop ten times as expensive. The target's own placement is
 * never touched: where follow_trials.h finds that it pays, the engine follows the target to its CPU, and
 * runs there with SCHED_IDLE, so that the scheduler takes that CPU for free and leaves the target where
 * it is. The policy alone makes a stop cheaper, also where there is one CPU only: a target that is resumed runs at once,
 * and has mostly stopped again before we wait for it; so we need not sleep. That is so where both are of one autogroup
 * (sched(7)): recording.c leaves us in the session of the program that we start.
 *
 * SCHED_IDLE yields to all others, and a target that has stopped would wait with us. How long we wait
 * for a CPU is what /proc/self/schedstat says; without it nobody is followed.
 */
#ifndef LOOP_STATE_PLACEMENT_H
#define LOOP_STATE_PLACEMENT_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/loop/state/follow_trials.h"

struct placement {
	bool is_possible; /* as far as it is known: whether we may come back from SCHED_IDLE is asked late */
	bool is_following;
	cpu_set_t own_cpus; /* the affinity we were started with */
	int cpu;	    /* being followed to; -1: none */
	int wait_fd;	    /* of /proc/self/schedstat; -1: none */
	int64_t waited_ns;  /* for a CPU, as last read */
	int64_t stopped_ns; /* the last stop; 0: the next one begins the first gap */
	struct follow_trials trials;
};

/* @may_follow: the target may be followed where that pays. */
void placement_init(struct placement *placement, bool may_follow);
void placement_deinit(struct placement *placement);

/* A probe of thread @tid was hit. Cheap; looks closer now and then. */
void placement_stop(struct placement *placement, pid_t tid);

/* A tick: back to the usual placement when nothing was hit since the last one. */
void placement_tick(struct placement *placement);

/*
 * Something begins that takes more than a moment, or another process of ours, which would inherit our
 * placement: back to the usual one.
 */
void placement_leave(struct placement *placement);

#endif
