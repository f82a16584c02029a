/* The ranks of a job; see rank_job.h. Plot layer. */
#include "plot/ranks/rank_job.h"

#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile_peak.h"
#include "plot/ranks/rank_name.h"
#include "plot/totals/profile_totals.h"
#include "tracer/base/array.h"

/* Until all ranks are there: behind those that are known. */
static const int64_t NUMBER_UNKNOWN = INT64_MAX;

static void job_deinit(struct rank_job *job)
{
	for (size_t i = 0; i < job->count; i++) {
		free(job->ranks[i].path);
		series_deinit(&job->ranks[i].series);
	}
	free(job->ranks);
	free(job->calls);
	text_pool_deinit(&job->texts);
	free(job->metric);
	free(job->name);
	*job = (struct rank_job){ 0 };
}

void rank_jobs_deinit(struct rank_jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++)
		job_deinit(&jobs->jobs[i]);
	free(jobs->jobs);
	text_pool_deinit(&jobs->names);
	*jobs = (struct rank_jobs){ 0 };
}

const char *rank_text(const struct rank_job *job, int32_t text)
{
	return text == RANK_NO_TEXT ? NULL : job->texts.items[text].text;
}

static struct error *need_text(struct rank_job *job, const char *text, int32_t *ret)
{
	*ret = RANK_NO_TEXT;
	return text == NULL ? NULL : text_pool_need(&job->texts, text, ret);
}

/* Adds the samples of @from to @series, no more than @limit of them. */
static struct error *take_reduced(struct series *series, const struct series *from, size_t limit)
{
	const struct series_range range = { INT64_MIN, INT64_MAX, limit };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < from->count; i++)
		err = series_add(series, &range, from->time_ns[i], from->mib[i]);
	if (err != NULL)
		return err;
	series_finish(series, &range);
	series->total = from->total;
	series->highest_mib = from->highest_mib;
	series->highest_ns = from->highest_ns;
	series->is_reduced = series->is_reduced || from->is_reduced;
	return NULL;
}

static void shift_series(struct series *series, int64_t shift_ns)
{
	for (size_t i = 0; i < series->count; i++)
		series->time_ns[i] -= shift_ns;
	series->first_ns -= shift_ns;
	series->last_ns -= shift_ns;
	series->highest_ns -= shift_ns;
}

static double last_above_0(const struct series *series)
{
	for (size_t i = series->count; i-- > 0;) {
		if (series->mib[i] > 0)
			return series->mib[i];
	}
	return series->count > 0 ? 0 : -1;
}

/* All samples of the only process with memory; of several the sum. */
static struct error *take_samples(struct rank *rank, const struct profile *profile,
				  const struct tree_sum *tree, const struct rank_wish *wish)
{
	const struct series *only = &tree->series;

	for (size_t i = 0; rank->processes == 1 && i < profile->process_count; i++) {
		if (profile->processes[i].series.count > 0)
			only = &profile->processes[i].series;
	}
	rank->samples = only->total;
	rank->end_mib = last_above_0(only);
	if (wish->samples == 0)
		return NULL;
	struct error *err = take_reduced(&rank->series, only, wish->samples);
	shift_series(&rank->series, wish->shift_ns);
	return err;
}

static void take_peak(struct rank *rank, const struct profile *profile,
		      const struct profile_totals *totals)
{
	bool is_least;

	rank->peak_mib = rank->seen_mib = -1;
	rank->seen_ns = PROFILE_TIME_UNKNOWN;
	for (size_t i = 0; rank->processes == 1 && i < profile->process_count; i++) {
		const struct process_totals *process = &totals->processes[i];
		if (!process_totals_has_memory(process))
			continue;
		rank->peak_mib = process->peak_mib;
		rank->is_peak_exact = process->is_peak_exact;
		rank->seen_mib = process->seen_mib;
		rank->seen_ns = process->seen_ns;
	}
	if (rank->processes == 1 || totals->tree.peak_ns == PROFILE_TIME_UNKNOWN)
		return;
	rank->peak_mib = profile_together_mib(profile, totals->tree.peak_mib, &is_least);
	rank->seen_mib = totals->tree.peak_mib;
	rank->seen_ns = totals->tree.peak_ns;
}

static void take_life(struct rank *rank, const struct profile *profile,
		      const struct process_totals *process, int64_t shift_ns)
{
	const bool is_known = process->start_ns != PROFILE_TIME_UNKNOWN &&
			      process->end_ns != PROFILE_TIME_UNKNOWN;

	rank->start_ns = (is_known ? process->start_ns : profile->first_ns) - shift_ns;
	rank->end_ns = (is_known ? process->end_ns : profile->last_ns) - shift_ns;
	rank->has_ended = process->has_ended;
	rank->has_end = profile->has_end || !profile->has_format;
	rank->is_recent = profile->is_recent;
	rank->status = process->status;
	if (rank->seen_ns != PROFILE_TIME_UNKNOWN)
		rank->seen_ns -= shift_ns;
}

static struct error *take_calls(struct rank_job *job, struct rank *rank,
				const struct profile *profile, const struct profile_totals *totals)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		const struct function_totals *function = &totals->functions[i];
		int32_t name;
		if (profile->functions[i].is_hidden || function->calls == 0)
			continue;
		err = need_text(job, profile->functions[i].name, &name);
		if (err == NULL)
			err = array_reserve(&job->calls, &job->call_capacity, job->call_count + 1,
					    sizeof(*job->calls));
		if (err != NULL)
			break;
		job->calls[job->call_count++] = (struct rank_call){
			.function = name,
			.rank = (uint32_t)job->count,
			.calls = function->calls,
			.total_ns = function->total_ns,
			.self_ns = function->self_ns,
			.net_mib = function->net_mib,
		};
		if (rank->costliest == RANK_NO_TEXT || function->self_ns > rank->costliest_ns) {
			rank->costliest = name;
			rank->costliest_ns = function->self_ns;
		}
	}
	return err;
}

static struct error *take_words(struct rank_job *job, struct rank *rank,
				const struct profile *profile)
{
	struct error *err = NULL;

	rank->path = strdup(profile->path);
	if (rank->path == NULL)
		return error_no_memory();
	rank->number = rank_of_name(profile->path);
	if (profile->rank.is_known && profile->rank.rank <= INT32_MAX)
		rank->number = (int64_t)profile->rank.rank;
	if (rank->number < 0)
		rank->number = NUMBER_UNKNOWN;
	rank->size = profile->rank.size;
	if (job->metric == NULL && profile->metric != NULL)
		job->metric = strdup(profile->metric);
	if (job->metric == NULL && profile->metric != NULL)
		err = error_no_memory();
	if (err == NULL)
		err = need_text(job, profile->rank.node, &rank->host);
	if (err == NULL)
		err = need_text(job, profile_command(profile), &rank->command);
	return err;
}

static struct error *fill(struct rank_job *job, struct rank *rank, const struct profile *profile,
			  const struct profile_totals *totals, const struct rank_wish *wish)
{
	for (size_t i = 0; i < profile->process_count; i++)
		rank->processes += process_totals_has_memory(&totals->processes[i]);
	job->is_tree = job->is_tree || rank->processes > 1 || profile->is_tree;
	take_peak(rank, profile, totals);
	take_life(rank, profile, &totals->processes[0], wish->shift_ns);
	struct error *err = take_words(job, rank, profile);
	if (err == NULL)
		err = take_samples(rank, profile, &totals->tree, wish);
	if (err == NULL && wish->wants_calls)
		err = take_calls(job, rank, profile, totals);
	return err;
}

/* The main process's life may begin before its first sample, and end behind the last one. */
static void note_times(struct rank_job *job, const struct rank *rank, const struct profile *profile,
		       int64_t shift_ns)
{
	const bool is_first = job->count == 1;
	int64_t start_ns = profile->first_ns - shift_ns, end_ns = profile->last_ns - shift_ns;

	start_ns = rank->start_ns < start_ns ? rank->start_ns : start_ns;
	end_ns = rank->end_ns > end_ns ? rank->end_ns : end_ns;
	if (is_first || start_ns < job->start_ns)
		job->start_ns = start_ns;
	if (is_first || end_ns > job->end_ns)
		job->end_ns = end_ns;
	if (is_first || start_ns + shift_ns < job->start_epoch_ns)
		job->start_epoch_ns = start_ns + shift_ns;
}

static struct error *job_add(struct rank_job *job, const struct profile *profile,
			     const struct rank_wish *wish)
{
	struct rank rank = {
		.added = job->count,
		.host = RANK_NO_TEXT,
		.command = RANK_NO_TEXT,
		.costliest = RANK_NO_TEXT,
	};
	struct profile_totals totals;
	struct error *err =
		array_reserve(&job->ranks, &job->capacity, job->count + 1, sizeof(*job->ranks));

	if (err == NULL)
		err = profile_totals_init(&totals, profile);
	if (err != NULL)
		return err;
	err = fill(job, &rank, profile, &totals, wish);
	profile_totals_deinit(&totals);
	if (err != NULL) {
		free(rank.path);
		series_deinit(&rank.series);
		return err;
	}
	job->ranks[job->count++] = rank;
	job->is_reduced = job->is_reduced || rank.series.is_reduced;
	note_times(job, &rank, profile, wish->shift_ns);
	return NULL;
}

/* Finds or adds. NULL is a name, too: that of jobs that are not known. */
static struct error *need_job(struct rank_jobs *jobs, const char *name, struct rank_job **ret)
{
	int32_t number;
	struct error *err =
		array_reserve(&jobs->jobs, &jobs->capacity, jobs->count + 1, sizeof(*jobs->jobs));

	if (err == NULL)
		err = text_pool_need(&jobs->names, name != NULL ? name : "", &number);
	if (err != NULL)
		return err;
	*ret = &jobs->jobs[number];
	if ((size_t)number < jobs->count)
		return NULL;
	jobs->count++;
	**ret = (struct rank_job){ .name = name != NULL ? strdup(name) : NULL };
	return name != NULL && (*ret)->name == NULL ? error_no_memory() : NULL;
}

static bool is_apart(int64_t time_ns, int64_t shift_ns)
{
	/* Of two times of a job that are no further from 0 the difference is a number. */
	static const int64_t most_ns = INT64_C(1) << 61;

	return time_ns != PROFILE_TIME_UNKNOWN && llabs(time_ns - shift_ns) > most_ns;
}

/* A profile's own times are less than 2^62 each; shifted, those of a damaged one may be anywhere. */
static struct error *check_times(const struct profile *profile, int64_t shift_ns)
{
	const struct profile_process *process = &profile->processes[0];

	if (shift_ns == 0 ||
	    !(is_apart(profile->first_ns, shift_ns) || is_apart(profile->last_ns, shift_ns) ||
	      is_apart(process->start_ns, shift_ns) || is_apart(process->end_ns, shift_ns)))
		return NULL;
	return error_new(ERR_FORMAT, "%s is damaged: its times are decades apart", profile->path);
}

struct error *rank_jobs_add(struct rank_jobs *jobs, const struct profile *profile,
			    const struct rank_wish *wish)
{
	struct rank_job *job;
	struct error *err = check_times(profile, wish->shift_ns);

	if (err == NULL)
		err = need_job(jobs, profile->rank.job, &job);

	return err != NULL ? err : job_add(job, profile, wish);
}

static int compare_ranks(const void *a, const void *b)
{
	const struct rank *one = a, *other = b;

	if (one->number != other->number)
		return one->number < other->number ? -1 : 1;
	if (one->start_ns != other->start_ns)
		return one->start_ns < other->start_ns ? -1 : 1;
	return strcmp(one->path, other->path);
}

static int compare_calls(const void *a, const void *b)
{
	const struct rank_call *one = a, *other = b;

	if (one->function != other->function)
		return one->function < other->function ? -1 : 1;
	return one->rank < other->rank ? -1 : one->rank > other->rank;
}

static int compare_jobs(const void *a, const void *b)
{
	const struct rank_job *one = a, *other = b;

	return one->start_epoch_ns < other->start_epoch_ns
		       ? -1
		       : one->start_epoch_ns > other->start_epoch_ns;
}

/* Those whose number nothing tells follow the others. */
static void number_unknown(struct rank_job *job)
{
	for (size_t i = 0; i < job->count; i++) {
		struct rank *rank = &job->ranks[i];
		if (rank->number == NUMBER_UNKNOWN)
			rank->number = i == 0 ? 0 : job->ranks[i - 1].number + 1;
	}
}

static struct error *job_finish(struct rank_job *job)
{
	uint32_t *place_of = malloc((job->count + 1) * sizeof(*place_of));

	if (place_of == NULL)
		return error_no_memory();
	qsort(job->ranks, job->count, sizeof(*job->ranks), compare_ranks);
	number_unknown(job);
	for (size_t i = 0; i < job->count; i++)
		place_of[job->ranks[i].added] = (uint32_t)i;
	for (size_t i = 0; i < job->call_count; i++)
		job->calls[i].rank = place_of[job->calls[i].rank];
	free(place_of);
	if (job->call_count > 0)
		qsort(job->calls, job->call_count, sizeof(*job->calls), compare_calls);
	return NULL;
}

struct error *rank_jobs_finish(struct rank_jobs *jobs)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < jobs->count; i++)
		err = job_finish(&jobs->jobs[i]);
	if (jobs->count > 1)
		qsort(jobs->jobs, jobs->count, sizeof(*jobs->jobs), compare_jobs);
	return err;
}
