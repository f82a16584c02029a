/* What the files of growth share (loop layer, private to growth). */
#ifndef LOOP_GROWTH_GROWTH_PRIVATE_H
#define LOOP_GROWTH_GROWTH_PRIVATE_H

#include "tracer/loop/growth/growth_pace.h"
#include "tracer/loop/growth/growth_pages.h"
#include "tracer/loop/growth/growth_stacks.h"
#include "tracer/loop/growth/growth_sums.h"
#include "tracer/loop/state/session.h"
#include "tracer/perf/fault_events.h"

/* The sums that the last faults of one CPU's buffer went to: what was lost there goes to them, too. */
enum { GROWTH_RECENTS = 16 };
struct growth_recents {
	size_t sums[GROWTH_RECENTS]; /* indices in raw */
	size_t count;		     /* since they were forgotten; the last ones are there */
	uint64_t lost;		     /* faults, to be charged when there are some */
};

struct growth {
	bool is_read;	  /* there are no events: readings of memory serve, see growth_readings.c */
	size_t cpu_count; /* of @recents */
	struct fault_events events;
	struct growth_stacks stacks;
	struct growth_sums raw;		/* by the numbers of @stacks */
	struct growth_sums named;	/* by the numbers of stacks.h */
	struct growth_recents *recents; /* by the index of a buffer. Owned */
	struct addr_map
		exec_times; /* pid -> CLOCK_MONOTONIC ns of its exec, of those among the records at hand */
	struct growth_pace pace;
	struct growth_pages pages;
	int64_t from_ns, window_ns; /* what is written down next is since then; how long it is */
	uint64_t rows;		    /* written of windows of this length */
	uint64_t taken, lost;	    /* of the last growth_take: stacks, faults without */
	bool is_taking;		    /* finding new processes may lead back to us */
	bool meets_strangers;	    /* among the records at hand is a process that is not known */
	/* Faults, all the time. */
	uint64_t seen_total, lost_total, strange_faults;
	uint64_t total_bytes;
};

static inline uint64_t growth_period(const struct growth *growth)
{
	const struct fault_events_options *options = &growth->events.options;

	if (growth->events.is_coarse)
		return options->coarse_faults;
	return options->fine_faults > 0 ? options->fine_faults : 1;
}

/* Takes all records that are there, and charges faults to raw stacks. */
struct error *growth_charge_all(struct session *session, struct growth *growth) MUST_CHECK;

/* Names them. */
struct error *growth_name(struct session *session, struct growth *growth) MUST_CHECK;

#endif
