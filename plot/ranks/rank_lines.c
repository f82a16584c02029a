/* What of a job is to be drawn; see rank_lines.h. Plot layer. */
#include "plot/ranks/rank_lines.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static struct error *add(struct rank_lines *lines, const struct rank_line *line, int length)
{
	if (length < 0)
		return error_no_memory();
	if (line->series->count == 0)
		free(line->label);
	else
		lines->lines[lines->count++] = *line;
	return NULL;
}

/* A host that all are on tells nothing apart. */
static bool has_hosts(const struct rank_job *job)
{
	for (size_t i = 1; i < job->count; i++) {
		if (job->ranks[i].host != job->ranks[0].host)
			return true;
	}
	return false;
}

static struct error *add_ranks(struct rank_lines *lines, const struct rank_job *job)
{
	const bool names_hosts = has_hosts(job);
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->count; i++) {
		const struct rank *rank = &job->ranks[i];
		const char *host = names_hosts ? rank_text(job, rank->host) : NULL;
		struct rank_line line = {
			.series = &rank->series,
			.number = rank->number,
			.peak_mib = rank->peak_mib,
			.is_peak_exact = rank->is_peak_exact,
		};
		err = add(lines, &line,
			  asprintf(&line.label, "rank %" PRId64 "%s%s", rank->number,
				   host != NULL ? ", " : "", host != NULL ? host : ""));
	}
	return err;
}

static struct error *add_sum(struct rank_lines *lines, const struct rank_host *host,
			     const char *name)
{
	struct rank_line line = {
		.series = &host->series,
		.number = -1,
		.peak_mib = host->peak_mib,
	};

	return add(lines, &line,
		   asprintf(&line.label, "%s, %zu rank%s", name, host->count,
			    host->count == 1 ? "" : "s"));
}

struct error *rank_lines_init(struct rank_lines *lines, const struct rank_job *job,
			      enum rank_lines_of of, size_t samples)
{
	*lines = (struct rank_lines){
		.lines = calloc(job->count + 1, sizeof(*lines->lines)),
		.what = of == RANK_LINES_RANKS ? "ranks" : "hosts",
	};
	struct error *err = lines->lines == NULL ? error_no_memory() : NULL;
	if (err == NULL && of == RANK_LINES_RANKS)
		err = add_ranks(lines, job);
	if (err == NULL && of != RANK_LINES_RANKS)
		err = rank_hosts_init(&lines->hosts, job,
				      of == RANK_LINES_HOSTS ? RANK_SUMS_HOSTS : RANK_SUMS_ALL,
				      samples);
	for (size_t i = 0; err == NULL && of == RANK_LINES_HOSTS && i < lines->hosts.count; i++) {
		const struct rank_host *host = &lines->hosts.hosts[i];
		err = add_sum(lines, host, host->name != NULL ? host->name : "unknown host");
	}
	if (err == NULL && of == RANK_LINES_ALL)
		err = add_sum(lines, &lines->hosts.all, "all together");
	if (err != NULL)
		rank_lines_deinit(lines);
	return err;
}

void rank_lines_deinit(struct rank_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->lines[i].label);
	free(lines->lines);
	rank_hosts_deinit(&lines->hosts);
	*lines = (struct rank_lines){ 0 };
}

static int compare(const void *a, const void *b, void *data)
{
	const struct rank_line *lines = data;
	const size_t one = *(const size_t *)a, other = *(const size_t *)b;

	if (lines[one].peak_mib != lines[other].peak_mib)
		return lines[one].peak_mib > lines[other].peak_mib ? -1 : 1;
	return one < other ? -1 : one > other;
}

struct error *rank_lines_order(const struct rank_lines *lines, size_t **ret)
{
	size_t *order = malloc((lines->count + 1) * sizeof(*order));

	if (order == NULL)
		return error_no_memory();
	for (size_t i = 0; i < lines->count; i++)
		order[i] = i;
	if (lines->count > 1)
		qsort_r(order, lines->count, sizeof(*order), compare, lines->lines);
	*ret = order;
	return NULL;
}
