/*
 * What the program pays for being recorded, probe by probe (loop layer, ground floor): counted here, with --max-overhead
 * only; overhead/ judges it.
 *
 * Time is counted in windows. A stop costs the program what an empty one does and what we do in it; a record of a pad,
 * what passing the pad takes.
 */
#ifndef LOOP_STATE_CHARGES_H
#define LOOP_STATE_CHARGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/probe/image.h"

/* Of this machine, as measured; 0: could not be. */
struct machine_costs {
	int64_t stop_ns;     /* of an empty stop; … */
	int64_t stop_cpu_ns; /* … of that, the program's CPU time */
	double record_ns;    /* of a pad's record, … */
	double sum_ns;	     /* … of a call that pads sum up, … */
	double read_ns; /* … and of a pad's reading memory, all of it CPU time of the program's */
};

struct charges {
	bool are_kept;
	struct machine_costs costs;
	uint64_t window; /* the number of the one that is being counted, from 1 on */
	/* The probes that have cost something in it; owned, not what it holds. */
	struct probe **probes;
	size_t count, capacity;
	uint64_t stops;	      /* all in it */
	int64_t other_ns;     /* of those of no probe, … */
	double other_pads_ns; /* … and of its pads */
	int64_t cpu_ns;	      /* of the traced processes */
	/* The stop that is being dealt with: since when, and for whom; NULL: for no probe. */
	int64_t stopped_ns;
	struct probe *payer;
};

void charges_deinit(struct charges *charges);

/* A window is over: another one begins. */
void charges_begin_window(struct charges *charges);

/* A stop is dealt with between the two; it is one at @site. */
void charges_stop_begins(struct charges *charges);
void charges_stop_is_at(struct charges *charges, const struct site *site);
void charges_stop_ends(struct charges *charges);

/* A pad has recorded, at @site, of @image. @return_address: of an entry. */
void charges_record(struct charges *charges, const struct image *image, const struct site *site,
		    taddr_t return_address, bool reads_memory);

/* Pads have summed up @count calls of @probe. */
void charges_sum(struct charges *charges, struct probe *probe, uint64_t count);

/* Adds the CPU time that @process has used since the last time; at its end, that is the last chance. */
void charges_cpu_time(struct charges *charges, const struct process *process);

/* What @probe has cost in this window: all, and of that what pads took. */
int64_t charges_cost_ns(const struct charges *charges, const struct probe *probe,
			int64_t *ret_pads_ns);

#endif
