/*
 * All that is told of a job, for its tables (plot layer, private to job_report).
 */
#ifndef PLOT_JOBS_JOB_VIEW_H
#define PLOT_JOBS_JOB_VIEW_H

#include "plot/profile/metric_label.h"
#include "plot/ranks/rank_functions.h"
#include "plot/ranks/rank_hosts.h"
#include "plot/report/process_table.h"
#include "plot/report/report_columns.h"
#include "plot/text/table.h"

struct job_view {
	const struct rank_job *job; /* borrowed */
	struct rank_hosts hosts;
	struct rank_functions functions;
	struct spread peaks; /* of the ranks */
	int64_t zero_ns;     /* what times are counted from */
	bool is_for_people;
	struct table_column rank_columns[TABLE_COLUMNS_MOST]; /* of the table of ranks */
	char ended[PROCESS_ENDED_BYTES];		      /* of the row that was filled last */
};

/* @zero_ns: on the job's times; PROFILE_TIME_UNKNOWN: their start. */
struct error *job_view_init(struct job_view *view, const struct rank_job *job, int64_t zero_ns,
			    bool is_for_people) MUST_CHECK;
void job_view_deinit(struct job_view *view);

/* A time of the job as one since the view's zero. */
static inline struct table_cell job_moment(const struct job_view *view, int64_t time_ns)
{
	const bool is_known = time_ns != PROFILE_TIME_UNKNOWN;

	return cell_if(is_known, cell_ns(is_known ? time_ns - view->zero_ns : 0));
}

/* "RSS"; "" where the job does not say. */
void job_metric(const struct job_view *view, char ret[static METRIC_LABEL_BYTES]);

/* What people see of a host that is not known. */
static const char JOB_NO_HOST[] = "(unknown)";

#endif
