/*
 * The hosts of a job: their ranks, and what these have together (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_HOSTS_H
#define PLOT_RANKS_RANK_HOSTS_H

#include "plot/ranks/rank_job.h"
#include "plot/ranks/spread.h"

struct rank_host {
	const char *name;     /* borrowed of the job; NULL: not known */
	size_t first, count;  /* its ranks are those of rank_hosts.ranks from @first on */
	double peak_mib;      /* the highest sum of what its ranks had; 0: there is no sample */
	int64_t peak_ns;      /* when; PROFILE_TIME_UNKNOWN: there is no sample */
	struct spread peaks;  /* of its ranks; indices are from @first on */
	struct series series; /* the sum over time, where it was asked for */
};

struct rank_hosts {
	struct rank_host *hosts; /* by the number of their first rank */
	size_t count;
	size_t *ranks;	      /* indices into the job's, host by host */
	struct rank_host all; /* all ranks together */
};

/* Which sums are wanted: they are the work. Of others there is no peak. */
enum { RANK_SUMS_HOSTS = 1, RANK_SUMS_ALL = 2 };

/*
 * At each moment at which a rank was sampled or ended the sum is of what each rank had last, from its first
 * sample to its end: as struct tree_sum of processes. @samples: to be kept of a sum at most; 0: none but its peak. @sums:
 * some of RANK_SUMS_….
 */
struct error *rank_hosts_init(struct rank_hosts *hosts, const struct rank_job *job, unsigned sums,
			      size_t samples) MUST_CHECK;
void rank_hosts_deinit(struct rank_hosts *hosts);

#endif
