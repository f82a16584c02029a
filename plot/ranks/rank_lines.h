/*
 * What of a job is to be drawn: a line for each rank, for each host, or for all ranks together (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_LINES_H
#define PLOT_RANKS_RANK_LINES_H

#include "plot/ranks/rank_hosts.h"
#include "plot/ranks/rank_job.h"

enum rank_lines_of { RANK_LINES_RANKS, RANK_LINES_HOSTS, RANK_LINES_ALL };

struct rank_line {
	char *label;		     /* "rank 3, node1"; of one host "rank 3". Owned */
	const struct series *series; /* borrowed of the job or of its hosts; none is empty */
	int64_t number;		     /* the rank's; -1: it is none */
	double peak_mib;
	bool is_peak_exact; /* it is the kernel's */
};

struct rank_lines {
	struct rank_line *lines;
	size_t count;
	const char *what; /* "ranks", "hosts" */
	struct rank_hosts hosts;
};

/* @samples: to be kept of a sum at most. Borrows @job. What has no sample has no line. */
struct error *rank_lines_init(struct rank_lines *lines, const struct rank_job *job,
			      enum rank_lines_of of, size_t samples) MUST_CHECK;
void rank_lines_deinit(struct rank_lines *lines);

/* The lines with the highest peaks first, as indices. *@ret is owned. */
struct error *rank_lines_order(const struct rank_lines *lines, size_t **ret) MUST_CHECK;

#endif
