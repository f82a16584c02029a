/*
 * The words around the tables of a job (plot layer, private to job_report).
 */
#ifndef PLOT_JOBS_JOB_WORDS_H
#define PLOT_JOBS_JOB_WORDS_H

#include "plot/jobs/job_report_options.h"
#include "plot/jobs/job_view.h"
#include "plot/text/json_write.h"

/* Which job it is, its highest and its median rank, its imbalance; who failed, and who is missing. */
void job_put_head(FILE *out, const struct job_view *view, const struct job_report_options *options);

/* Members of an object that is open: the same for programs. */
void job_put_json_head(struct json_writer *json, const struct job_view *view);

#endif
