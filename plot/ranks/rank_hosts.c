/* The hosts of a job; see rank_hosts.h. Plot layer. */
#include "plot/ranks/rank_hosts.h"

#include <stdlib.h>

#include "plot/totals/tree_sum.h"

/* The host of each text, and of ranks whose host is not known, as an index plus 1. */
static struct error *find_hosts(struct rank_hosts *hosts, const struct rank_job *job,
				size_t *host_of_rank)
{
	size_t *of_text = calloc(job->texts.count + 1, sizeof(*of_text));

	if (of_text == NULL)
		return error_no_memory();
	for (size_t i = 0; i < job->count; i++) {
		const int32_t text = job->ranks[i].host;
		size_t *host = &of_text[text == RANK_NO_TEXT ? job->texts.count : (size_t)text];
		if (*host == 0) {
			hosts->hosts[hosts->count].name = rank_text(job, text);
			*host = ++hosts->count;
		}
		host_of_rank[i] = *host - 1;
		hosts->hosts[*host - 1].count++;
	}
	free(of_text);
	return NULL;
}

static void put_ranks(struct rank_hosts *hosts, const size_t *host_of_rank, size_t count)
{
	size_t first = 0;

	for (size_t i = 0; i < hosts->count; i++) {
		hosts->hosts[i].first = first;
		first += hosts->hosts[i].count;
		hosts->hosts[i].count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct rank_host *host = &hosts->hosts[host_of_rank[i]];
		hosts->ranks[host->first + host->count++] = i;
	}
}

static struct error *keep_series(struct series *series, const struct series *from, size_t limit)
{
	const struct series_range range = { INT64_MIN, INT64_MAX, limit };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < from->count; i++)
		err = series_add(series, &range, from->time_ns[i], from->mib[i]);
	series_finish(series, &range);
	return err;
}

/* Ranks as the processes of a profile, which borrow their samples. */
static struct error *sum_ranks(struct rank_host *host, const struct profile *all,
			       const size_t *ranks, size_t samples)
{
	struct tree_sum sum;
	struct error *err = tree_sum_init_of(&sum, all, ranks, host->count);

	if (err != NULL)
		return err;
	host->peak_mib = sum.peak_mib;
	host->peak_ns = sum.peak_ns;
	if (samples > 0)
		err = keep_series(&host->series, &sum.series, samples);
	tree_sum_deinit(&sum);
	return err;
}

static struct error *find_peaks(struct rank_host *host, const struct rank_job *job,
				const size_t *ranks)
{
	double *peaks = malloc((host->count + 1) * sizeof(*peaks));

	if (peaks == NULL)
		return error_no_memory();
	for (size_t i = 0; i < host->count; i++)
		peaks[i] = job->ranks[ranks[i]].peak_mib;
	struct error *err = spread_find(peaks, host->count, &host->peaks);
	free(peaks);
	return err;
}

static struct error *fill_host(struct rank_hosts *hosts, struct rank_host *host,
			       const struct rank_job *job, const struct profile *all,
			       size_t samples)
{
	const size_t *ranks = hosts->ranks + host->first;
	struct error *err = sum_ranks(host, all, ranks, samples);

	return err != NULL ? err : find_peaks(host, job, ranks);
}

static struct error *fill_all(struct rank_hosts *hosts, const struct rank_job *job,
			      const struct profile *all, unsigned sums, size_t samples)
{
	/* Of a single host, all that it has. */
	if (hosts->count == 1 && (sums & RANK_SUMS_HOSTS) != 0) {
		hosts->all = hosts->hosts[0];
		return series_copy(&hosts->hosts[0].series, &hosts->all.series);
	}
	hosts->all.count = job->count;
	return fill_host(hosts, &hosts->all, job, all, samples);
}

static struct error *fill_hosts(struct rank_hosts *hosts, const struct rank_job *job, unsigned sums,
				size_t samples)
{
	struct profile_process *processes = calloc(job->count + 1, sizeof(*processes));
	const struct profile all = { .processes = processes, .process_count = job->count };
	struct error *err = processes == NULL ? error_no_memory() : NULL;

	for (size_t i = 0; err == NULL && i < job->count; i++) {
		const struct rank *rank = &job->ranks[i];
		processes[i].series = rank->series;
		processes[i].end_ns = rank->has_ended ? rank->end_ns : PROFILE_TIME_UNKNOWN;
	}
	for (size_t i = 0; err == NULL && (sums & RANK_SUMS_HOSTS) != 0 && i < hosts->count; i++)
		err = fill_host(hosts, &hosts->hosts[i], job, &all, samples);
	if (err == NULL && (sums & RANK_SUMS_ALL) != 0)
		err = fill_all(hosts, job, &all, sums, samples);
	free(processes);
	return err;
}

struct error *rank_hosts_init(struct rank_hosts *hosts, const struct rank_job *job, unsigned sums,
			      size_t samples)
{
	size_t *host_of_rank = calloc(job->count + 1, sizeof(*host_of_rank));
	struct error *err = NULL;

	*hosts = (struct rank_hosts){
		.hosts = calloc(job->count + 1, sizeof(*hosts->hosts)),
		.ranks = calloc(job->count + 1, sizeof(*hosts->ranks)),
	};
	if (host_of_rank == NULL || hosts->hosts == NULL || hosts->ranks == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = find_hosts(hosts, job, host_of_rank);
	if (err == NULL) {
		put_ranks(hosts, host_of_rank, job->count);
		err = fill_hosts(hosts, job, sums, samples);
	}
	free(host_of_rank);
	if (err != NULL)
		rank_hosts_deinit(hosts);
	return err;
}

void rank_hosts_deinit(struct rank_hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		series_deinit(&hosts->hosts[i].series);
	series_deinit(&hosts->all.series);
	free(hosts->hosts);
	free(hosts->ranks);
	*hosts = (struct rank_hosts){ 0 };
}
