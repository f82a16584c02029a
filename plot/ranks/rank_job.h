/*
 * The ranks of a job, each by its profile, of which only what is told of a rank is kept (plot layer).
 *
 * A rank's memory is that of all its processes together; of most there is one. Times are those of the profiles, less
 * what the rank's owner shifts them by (rank_jobs_add). A job of 100,000 ranks has no more samples in memory than one of 1,000.
 */
#ifndef PLOT_RANKS_RANK_JOB_H
#define PLOT_RANKS_RANK_JOB_H

#include "plot/profile/profile.h"
#include "plot/profile/text_pool.h"

/* A text that is not known. */
enum { RANK_NO_TEXT = -1 };

struct rank {
	char *path;	/* owned */
	int64_t number; /* by its record, else its file's name, else the order in which it was added */
	uint64_t size;	       /* how many ranks its job had; 0: the file does not say */
	int32_t host, command; /* in rank_job.texts; RANK_NO_TEXT: the file does not say */

	int64_t start_ns, end_ns; /* of the main process, as process_totals has them */
	bool has_ended;		  /* the file says when */
	bool has_end;		  /* its recording came to its end */
	bool is_recent;		  /* else it goes on, else it broke off */
	int status;		  /* of the main process; -1: the file does not say */
	size_t processes;	  /* that have memory */
	uint64_t samples;

	double peak_mib; /* the kernel's where that is known, else the highest seen; -1: none */
	bool is_peak_exact;
	double seen_mib; /* the highest of its samples, and of calls of a rank of one process; -1: none */
	int64_t seen_ns; /* when; PROFILE_TIME_UNKNOWN: none */
	double end_mib;	 /* the last above 0; -1: none */

	int32_t costliest; /* the function with the most time of its own, in texts; RANK_NO_TEXT: none */
	int64_t costliest_ns; /* that time */

	struct series series; /* all its processes together; reduced to what its owner wants */
	size_t added;	      /* the how manyth it was */
};

/* A function in one rank. */
struct rank_call {
	int32_t function; /* in texts */
	uint32_t rank;	  /* an index into ranks, once they are in order */
	uint64_t calls;
	int64_t total_ns, self_ns; /* as function_totals has them */
	double net_mib;
};

struct rank_job {
	char *name; /* as the job's system calls it; NULL: the files do not say. Owned */
	struct rank *
		ranks; /* by number, then start, then path, once rank_jobs_finish has been called */
	size_t count, capacity;
	struct rank_call *calls; /* by function, then rank; likewise */
	size_t call_count, call_capacity;
	struct text_pool texts;
	char *metric;		  /* of the first rank that says; NULL: none does. Owned */
	bool is_tree;		  /* what it measures is a sum: some rank has several processes */
	int64_t start_ns, end_ns; /* of all samples and lives; as shifted */
	int64_t start_epoch_ns;	  /* the first of them, by its clock */
	bool is_reduced; /* samples of some rank have been left out: sums are near to what they were */
};

/* All jobs that files of one place are of. */
struct rank_jobs {
	struct rank_job *jobs;
	size_t count, capacity;
	struct text_pool names; /* of each; "" where it is not known */
};

/* Zeroed, there is none. */
void rank_jobs_deinit(struct rank_jobs *jobs);

/*
 * Takes of @profile, which has been read and filtered, what is kept of a rank. All times are less by @shift_ns. @samples: to be kept at most, 64 or more; 0: none. With @wants_calls also what
 * each function that is not hidden comes to. ERR_FORMAT where that leaves no times to be reckoned with.
 */
struct rank_wish {
	int64_t shift_ns;
	size_t samples;
	bool wants_calls;
};
struct error *rank_jobs_add(struct rank_jobs *jobs, const struct profile *profile,
			    const struct rank_wish *wish) MUST_CHECK;

/* After the last rank: puts them in order, and jobs by their starts. */
struct error *rank_jobs_finish(struct rank_jobs *jobs) MUST_CHECK;

/* NULL: not known. Borrowed of the job. */
const char *rank_text(const struct rank_job *job, int32_t text);

/* Whether its main process failed: was killed, or ended with another status than 0. */
static inline bool rank_has_failed(const struct rank *rank)
{
	return rank->status > 0;
}

#endif
