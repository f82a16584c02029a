/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which of a parallel program's processes one is, and of which job, as its launcher tells in the environment (job
 * layer). mprof-trace-run(1) lists the variables.
 *
 * Nothing is asked of the launcher, and no MPI library is needed.
 */
#ifndef JOB_JOB_RANK_H
#define JOB_JOB_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct job_rank {
	const char *
		launcher; /* in words, static; NULL: none says a rank, and @rank and @size mean nothing */
	uint64_t rank; /* from 0 on */
	uint64_t size; /* how many ranks there are; more than @rank, or 0: not known */
	char *job;     /* of the batch system, or else of the launcher; NULL: none says one */
	char *node;    /* as the batch system calls this host, or else its own name */
};

/* The environment of a process: NAME=VALUE, each with a NUL behind it, as /proc/PID/environ has it. Borrowed. */
struct job_environment {
	const char *text;
	size_t bytes;
};

/* What @environment says; NULL: our own. A process that runs elsewhere is taken to be on this host. */
struct error *job_rank_find(const struct job_environment *environment,
			    struct job_rank *ret) MUST_CHECK;
void job_rank_deinit(struct job_rank *rank);

/* The same rank of the same job; or none, of either. */
bool job_rank_is_same(const struct job_rank *a, const struct job_rank *b);

/* There are other ranks, or may be. */
bool job_rank_has_others(const struct job_rank *rank);

#endif
