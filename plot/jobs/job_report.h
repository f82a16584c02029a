/*
 * What the ranks of jobs come to: tables of ranks, hosts and functions, for people, as CSV or as JSON (plot layer).
 */
#ifndef PLOT_JOBS_JOB_REPORT_H
#define PLOT_JOBS_JOB_REPORT_H

#include <stdio.h>

#include "plot/jobs/job_report_options.h"
#include "plot/ranks/rank_job.h"

/* No column of a table that is wanted has the name of the options' sort: ERR_USAGE, with those there are. */
struct error *job_report_check(const struct job_report_options *options) MUST_CHECK;

struct error *job_report_write(const struct rank_jobs *jobs,
			       const struct job_report_options *options, FILE *out) MUST_CHECK;

#endif
