/*
 * The tables of a job: its ranks, its hosts, its functions (plot layer, private to job_report).
 */
#ifndef PLOT_JOBS_JOB_TABLES_H
#define PLOT_JOBS_JOB_TABLES_H

#include "plot/jobs/job_view.h"
#include "plot/text/table.h"

/* Borrows @view. One row a rank, host or function, in the view's order. */
void job_ranks_table(struct table *table, struct job_view *view);
void job_hosts_table(struct table *table, struct job_view *view);
void job_functions_table(struct table *table, struct job_view *view);

#endif
