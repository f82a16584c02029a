/* All that is told of a job; see job_view.h. Plot layer. */
#include "plot/jobs/job_view.h"

#include <stdlib.h>

static struct error *find_peaks(struct job_view *view)
{
	const struct rank_job *job = view->job;
	double *peaks = malloc((job->count + 1) * sizeof(*peaks));

	if (peaks == NULL)
		return error_no_memory();
	for (size_t i = 0; i < job->count; i++)
		peaks[i] = job->ranks[i].peak_mib;
	struct error *err = spread_find(peaks, job->count, &view->peaks);
	free(peaks);
	return err;
}

struct error *job_view_init(struct job_view *view, const struct rank_job *job, int64_t zero_ns,
			    bool is_for_people)
{
	*view = (struct job_view){
		.job = job,
		.zero_ns = zero_ns == PROFILE_TIME_UNKNOWN ? job->start_ns : zero_ns,
		.is_for_people = is_for_people,
	};
	struct error *err = find_peaks(view);
	if (err == NULL)
		err = rank_hosts_init(&view->hosts, job, RANK_SUMS_HOSTS | RANK_SUMS_ALL, 0);
	if (err == NULL)
		err = rank_functions_init(&view->functions, job);
	if (err != NULL)
		job_view_deinit(view);
	return err;
}

void job_view_deinit(struct job_view *view)
{
	rank_hosts_deinit(&view->hosts);
	rank_functions_deinit(&view->functions);
}

void job_metric(const struct job_view *view, char ret[static METRIC_LABEL_BYTES])
{
	const struct profile profile = { .metric = view->job->metric };

	metric_label_single(&profile, ret);
}
