/*
 * Functions over the ranks of a job (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_FUNCTIONS_H
#define PLOT_RANKS_RANK_FUNCTIONS_H

#include "plot/ranks/rank_job.h"
#include "plot/ranks/spread.h"

/* Over the ranks that have called it. Indices are of the job's ranks. */
struct rank_function {
	const char *name;	/* borrowed of the job */
	size_t ranks;		/* that have called it */
	uint64_t calls;		/* in all of them */
	struct spread calls_of; /* of a rank */
	struct spread total_ns; /* as figures */
	struct spread net_mib;
};

struct rank_functions {
	struct rank_function *functions; /* those with the longest time of a rank first */
	size_t count;
};

struct error *rank_functions_init(struct rank_functions *functions,
				  const struct rank_job *job) MUST_CHECK;
void rank_functions_deinit(struct rank_functions *functions);

#endif
