/*
 * What is known of each process: its life, its peaks, where its memory went (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_PROCESS_TOTALS_H
#define PLOT_TOTALS_PROCESS_TOTALS_H

#include "plot/profile/profile.h"

/*
 * Where the main series is the sum over all processes, the figures of process 0 that come of samples are of
 * the sum; is_sum says so.
 */
struct process_totals {
	int32_t pid, parent_pid; /* 0: the file does not say */
	const char *command;	 /* borrowed of the profile; NULL: the file does not say */
	bool is_sum;
	bool has_ended; /* the file says when: else it was still there at the last record */
	int64_t start_ns,
		end_ns; /* as the file says, else the first and last sample or call; since the epoch */
	int status;	/* 0..255, 128+N for signal N; -1: the file does not say */

	uint64_t samples;
	double peak_mib; /* the kernel's where it is known and comparable, else the highest seen */
	bool is_peak_exact; /* it is the kernel's */
	double seen_mib; /* highest of its samples and of its calls' entries and ends; -1: none */
	int64_t seen_ns; /* when; PROFILE_TIME_UNKNOWN: none */
	double first_mib, last_mib; /* of its first and last sample kept; -1: none */
	bool has_slope;		    /* there is a trend: samples at two times at least */
	double slope_mib_per_s;	    /* of the straight line through all samples, by least squares */
};

/* One for each of the profile's processes, in its order. *@ret is owned by the caller: free(3). */
struct error *process_totals_create(const struct profile *profile,
				    struct process_totals **ret) MUST_CHECK;

/* Whether anything was recorded of a process: a sample, a call, the kernel's peak. */
bool process_totals_has_memory(const struct process_totals *totals);

#endif
